import Synchronization
import WeirCore
import WeirRuntime
import WeirSignature

/// Finds out who asks, or refuses.
struct Gatekeeper: Sendable {
    let keyring: Keyring
    /// The secret of one of the account's access keys; nil for any other key.
    let accountSecret: @Sendable (String) -> String?
    let roster: Roster
    private let verifiers: [AWSService: Verifier]

    init(keyring: Keyring, accountSecret: @escaping @Sendable (String) -> String?, control: any ControlPlane) {
        self.keyring = keyring
        self.accountSecret = accountSecret
        roster = Roster(control: control)
        verifiers = Dictionary(
            uniqueKeysWithValues: AWSService.allCases.map { ($0, Verifier(services: [$0.rawValue])) })
    }

    /// Who signed the request.
    /// - Parameter mayHaveEnded: it may be an instance that has ended, as far as its launcher says. An engine that was killed and
    ///   started again says so of containers that go on for some seconds, finish their work and report it.
    /// - Throws: the refusal, when the signature is wrong or belongs to nobody who is here now.
    func signer(
        of request: APIRequest, for service: AWSService, at now: Instant, mayHaveEnded: Bool = false
    ) async throws(APIError) -> Principal {
        let accessKeyID: String
        do throws(SignatureFailure) {
            guard let verifier = verifiers[service] else { throw .wrongService(service.rawValue) }
            accessKeyID = try verifier.verify(request.signable, at: now.milliseconds, secret: secret).accessKeyID
        } catch {
            throw ErrorTable.error(error)
        }
        guard let id = Keyring.instanceID(forAccessKeyID: accessKeyID).map(InstanceID.init) else {
            return .account(accessKeyID: accessKeyID)
        }
        if mayHaveEnded { return .instance(id) }
        guard await roster.isAlive(id, at: now) else { throw ErrorTable.error(.unknownKey(accessKeyID)) }
        return .instance(id)
    }

    /// The instance that a capability URL stands for.
    func holder(of capability: CapabilityPath, at now: Instant) async throws(APIError) -> Principal {
        guard keyring.isCapability(capability.token, forInstance: capability.instance.text),
            await roster.isAlive(capability.instance, at: now)
        else { throw ErrorTable.wrongCapability() }
        return .instance(capability.instance)
    }

    private func secret(of accessKeyID: String) -> String? {
        guard let id = Keyring.instanceID(forAccessKeyID: accessKeyID) else { return accountSecret(accessKeyID) }
        return keyring.credentials(forInstance: id).secretAccessKey
    }
}

/// The services that requests are signed for; raw values are the names in their signatures.
enum AWSService: String, CaseIterable {
    case sqs
    case autoScaling = "autoscaling"
}

/// `/instance/i-0123456789abcdef0/TOKEN`: a URL that lets its holder act as one instance.
struct CapabilityPath: Equatable {
    var instance: InstanceID
    var token: String

    /// Nil for any other path.
    init?(_ path: String) {
        guard path.utf8.starts(with: "/instance/".utf8) else { return nil }
        let parts = path.split(separator: "/")
        guard parts.count == 3 else { return nil }
        instance = InstanceID(String(parts[1]))
        token = String(parts[2])
    }

    /// A path as it may stand in a log: what follows an instance's id may be its token.
    static func withoutToken(_ path: String) -> String {
        let parts = path.split(separator: "/")
        guard let start = parts.firstIndex(of: "instance"), start + 2 < parts.count else { return path }
        return "/" + parts[...(start + 1)].joined(separator: "/") + "/…"
    }
}

/// Remembers for a moment which instances were found alive, since every message asks.
final class Roster: Sendable {
    private let control: any ControlPlane
    private let aliveUntil = Mutex<[InstanceID: Instant]>([:])

    init(control: any ControlPlane) {
        self.control = control
    }

    /// Whether the instance is alive, or was within `APILimits.instanceMemoryMilliseconds`.
    func isAlive(_ id: InstanceID, at now: Instant) async -> Bool {
        if let until = aliveUntil.withLock({ $0[id] }), now < until { return true }
        let isAlive = await control.find(id) != nil
        aliveUntil.withLock { aliveUntil in
            if aliveUntil.count >= APILimits.rememberedInstances { aliveUntil.removeAll() }
            aliveUntil[id] = isAlive ? now + .milliseconds(APILimits.instanceMemoryMilliseconds) : nil
        }
        return isAlive
    }
}
