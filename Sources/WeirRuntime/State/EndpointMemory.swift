extension StateFolder {
    /// The URL by which the instances at work know weir, as of the last start.
    public var rememberedEndpoint: String? {
        (try? Files.read(path + "/endpoint")).map { String($0.prefix { !$0.isNewline }) }
    }

    public func remember(endpoint: String) throws(StateFailure) {
        try Files.write(endpoint + "\n", to: path + "/endpoint", mode: 0o600, durably: false)
    }
}
