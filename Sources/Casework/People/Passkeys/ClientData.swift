import Foundation

/// What the browser says about the ceremony (WebAuthn §5.8.1): the device signs its hash.
struct ClientData: Sendable {
    /// What it was made for.
    enum Kind: String, Sendable {
        case creation = "webauthn.create"
        case assertion = "webauthn.get"
    }

    private struct Fields: Decodable {
        let type: String
        let challenge: String
        let origin: String
        let crossOrigin: Bool?
        let topOrigin: String?
    }

    /// More than any browser writes.
    private static let longest = 8192

    let kind: Kind
    let challenge: [UInt8]
    let origin: String
    /// Whether the page stood in a frame of another site's.
    let isFramed: Bool

    init(_ bytes: [UInt8]) throws(PasskeyFailure) {
        guard bytes.count <= Self.longest, String(validating: bytes, as: UTF8.self) != nil,
            let fields = try? JSONDecoder().decode(Fields.self, from: Data(bytes)),
            let challenge = Base64URL.bytes(fields.challenge)
        else { throw .malformed }
        guard let kind = Kind(rawValue: fields.type) else { throw .purpose }
        self.kind = kind
        self.challenge = challenge
        origin = fields.origin
        isFramed = fields.crossOrigin == true || fields.topOrigin != nil
    }
}
