import WeirCore
import WeirPolicy
import WeirRuntime
import WeirSignature

/// How workers reach weir, and what each instance is told about it.
struct Endpoint: Sendable {
    /// Without a slash at its end: `http://127.0.0.1:9324`.
    var url: String
    var region: String
    var account: String
    var keyring: Keyring
    /// The URL was given by hand, for every worker.
    var advertised: Bool

    /// The variables of one instance of a group.
    ///
    /// With the embedded queue an instance gets credentials of its own, so that the queue knows who holds what. With any
    /// other source it keeps the credentials it has, and gets only the place where it can protect itself.
    func environment(for instance: InstanceID, of policy: PolicyFile, url: String) -> [EnvironmentVariable] {
        let own = [
            EnvironmentVariable("WEIR_GROUP", policy.group.name),
            EnvironmentVariable("WEIR_INSTANCE_ID", instance.text),
        ]
        guard let queue = policy.embeddedQueue else {
            let capability = keyring.capability(forInstance: instance.text)
            return own + [
                EnvironmentVariable("AWS_ENDPOINT_URL_AUTO_SCALING", "\(url)/instance/\(instance.text)/\(capability)")
            ]
        }
        let credentials = keyring.credentials(forInstance: instance.text)
        return own + [
            EnvironmentVariable("AWS_ACCESS_KEY_ID", credentials.accessKeyID),
            EnvironmentVariable("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey),
            EnvironmentVariable("AWS_ENDPOINT_URL", url),
            EnvironmentVariable("AWS_REGION", region),
            EnvironmentVariable("AWS_DEFAULT_REGION", region),
            EnvironmentVariable("WEIR_QUEUE_URL", "\(url)/\(account)/\(queue)"),
        ]
    }
}

extension PolicyFile {
    /// The embedded queue that this group reads; nil with any other source.
    var embeddedQueue: String? {
        source.word == "embedded" ? source.options.text("queue") : nil
    }

    /// The network that its containers are on; nil when its launcher starts no containers.
    var containerNetwork: String? {
        launcher.word == "docker" ? launcher.options.text("network") : nil
    }
}
