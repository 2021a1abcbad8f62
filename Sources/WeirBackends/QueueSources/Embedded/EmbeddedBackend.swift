import WeirRuntime

/// Makes embedded sources for the registry.
enum EmbeddedBackend {
    /// The live one where the queues are open, the one that only looks in a dry run.
    static func source(_ options: EmbeddedOptions, _ context: BackendContext) -> any QueueSource {
        guard let queues = context.queues else {
            return EmbeddedFolderSource(queue: options.queue, folder: context.queueFolder)
        }
        return EmbeddedSource(options: options, queues: queues)
    }
}
