extension String {
    /// The text, or its beginning and `…` when it is longer than so many characters.
    func cut(after characters: Int) -> String {
        count <= characters ? self : prefix(characters) + "…"
    }
}
