import Testing

@testable import WeirSignature

@Suite("Every instance has credentials that nobody stores")
struct KeyringSpecs {
    let keyring = Keyring(secret: Array(0..<32))
    let instance = "i-0123456789abcdef0"

    @Test("The access key id tells the instance, and the instance its access key id")
    func roundTrip() {
        let credentials = keyring.credentials(forInstance: instance)
        #expect(credentials.accessKeyID == "WEIR0123456789ABCDEF0")
        #expect(Keyring.instanceID(forAccessKeyID: credentials.accessKeyID) == instance)
        #expect(credentials.secretAccessKey.utf8.count == 40)
    }

    @Test(arguments: [
        "", "WEIR", "AKIDEXAMPLE", "WEIR0123456789abcdef0", "WEIR0123456789ABCDEF", "WEIR0123456789ABCDEF00",
        "WEIR0123456789ABCDEG0", "XWEIR0123456789ABCDEF",
    ])
    func `Other access key ids are nobody's`(_ accessKeyID: String) {
        #expect(Keyring.instanceID(forAccessKeyID: accessKeyID) == nil)
    }

    @Test("The same secret gives the same credentials, another one gives others")
    func secrets() {
        let other = Keyring(secret: Array(1...32))
        #expect(
            Keyring(secret: Array(0..<32)).credentials(forInstance: instance)
                == keyring.credentials(forInstance: instance))
        #expect(
            other.credentials(forInstance: instance).secretAccessKey
                != keyring.credentials(forInstance: instance).secretAccessKey)
        #expect(other.capability(forInstance: instance) != keyring.capability(forInstance: instance))
    }

    @Test("A capability is good for its own instance only")
    func capabilities() {
        let token = keyring.capability(forInstance: instance)
        #expect(token.utf8.count == 43)
        #expect(keyring.isCapability(token, forInstance: instance))
        #expect(!keyring.isCapability(token, forInstance: "i-0123456789abcdef1"))
        #expect(!keyring.isCapability(String(token.dropLast()), forInstance: instance))
        #expect(!keyring.isCapability("", forInstance: instance))
        #expect(
            !keyring.isCapability(keyring.credentials(forInstance: instance).secretAccessKey, forInstance: instance))
    }

    @Test("Credentials print without their secret")
    func printing() {
        let credentials = keyring.credentials(forInstance: instance)
        #expect("\(credentials)" == "Credentials(WEIR0123456789ABCDEF0)")
        #expect(!String(reflecting: credentials).contains(credentials.secretAccessKey))
    }
}
