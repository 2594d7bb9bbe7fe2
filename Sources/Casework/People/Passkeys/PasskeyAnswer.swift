/// What a page asks a browser for, so that it makes or uses a passkey.
public struct PasskeyRequest: Sendable {
    /// For whom.
    public let party: RelyingParty
    /// What has to be signed.
    public let challenge: [UInt8]
    /// Credential ids: of a sign-in those that will do, none for any; of a registration those that are there already.
    public let credentials: [[UInt8]]
    /// A registration's owner as the device knows them; nothing about a person.
    public let handle: [UInt8]
    /// A registration's user ID, by which the device's owner tells passkeys apart.
    public let login: String
    /// Whether the device has to make sure who it is.
    public let needsVerification: Bool

    /// COSE's numbers of the algorithms that are taken, best first.
    public static var algorithms: [Int] { CredentialKey.algorithms.map(Int.init) }
}

/// What a browser sends when a passkey was made.
public struct PasskeyMade: Sendable {
    let client: [UInt8]
    let attestation: [UInt8]

    /// A browser's answer; nil for anything but base64url.
    public init?(client: String, attestation: String) {
        guard let client = Base64URL.bytes(client), let attestation = Base64URL.bytes(attestation) else { return nil }
        (self.client, self.attestation) = (client, attestation)
    }
}

/// What a browser sends when a passkey has signed.
public struct PasskeySigned: Sendable {
    let credential: [UInt8]
    let client: [UInt8]
    let data: [UInt8]
    let signature: [UInt8]
    /// Whose passkey the device says that it is; empty where it says nothing.
    let handle: [UInt8]

    /// A browser's answer; nil for anything but base64url.
    public init?(credential: String, client: String, data: String, signature: String, handle: String) {
        guard let credential = Base64URL.bytes(credential), let client = Base64URL.bytes(client),
            let data = Base64URL.bytes(data), let signature = Base64URL.bytes(signature),
            let handle = Base64URL.bytes(handle)
        else { return nil }
        (self.credential, self.client, self.data) = (credential, client, data)
        (self.signature, self.handle) = (signature, handle)
    }
}
