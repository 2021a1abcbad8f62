import WeirBackends
import WeirPolicy

private let reader = PolicyReader(catalogue: Registry.catalogue)

/// A policy file of any bytes: it is either read or complained about, each complaint points at a place, and what was read
/// can be explained.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPolicies(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    let result = reader.read(text: text, path: "fuzz.yaml")
    precondition(result.files.count + result.fleets.count == 1 || result.hasErrors, "neither a file nor a complaint")
    for diagnostic in result.diagnostics {
        guard let place = diagnostic.place else { preconditionFailure("a complaint that points nowhere") }
        precondition(place.line >= 1 && place.column >= 1, "a complaint that points outside of the file")
        precondition(!diagnostic.text.isEmpty, "a complaint without words")
    }
    for file in result.files {
        let again = reader.read(text: result.explain(file), path: "explained.yaml")
        precondition(!again.hasErrors, "an explained file cannot be read:\n\(again.text)\(result.explain(file))")
    }
    for fleet in result.fleets {
        let again = reader.read(text: result.explain(fleet), path: "explained.yaml")
        precondition(!again.hasErrors, "an explained fleet cannot be read:\n\(again.text)\(result.explain(fleet))")
    }
    return 0
}
