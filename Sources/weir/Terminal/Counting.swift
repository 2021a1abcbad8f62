/// `1 job`, `2 jobs`.
/// - Parameter many: of several; nil: with an s.
func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(count) \(count == 1 ? one : many ?? one + "s")"
}
