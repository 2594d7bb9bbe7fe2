import Crypto
import Foundation
import Testing

@testable import Casework

/// A passkey's life as other programs made it: keys and signatures by OpenSSL, CBOR by hand.
struct PasskeyVector: Sendable {
    let challenge: String
    let credential: String
    let client: String
    let attestation: String
    let getClient: String
    let data: String
    let signature: String

    static let rs256 = PasskeyVector(
        challenge: "mRCcNV8hQeoi1kP5GmbbJlLNNYNXvQrrpOxOucCuHpw",
        credential: "Re5eWI7rudTiPj1bEstaeg",
        client: """
            eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoibVJDY05WOGhRZW9pMWtQNUdtYmJKbExOTllOWHZRcnJw\
            T3hPdWNDdUhwdyIsIm9yaWdpbiI6Imh0dHBzOi8vaGVyc3lzLmV4YW1wbGUuanAiLCJjcm9zc09yaWdpbiI6ZmFsc2V9
            """,
        attestation: """
            o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVkBV5rraRevYbwOfw7cUOrRS1wsQOIdwmh0WYH_O05bG8A0RQAAAAAAAAAA\
            AAAAAAAAAAAAAAAAABBF7l5Yjuu51OI-PVsSy1p6pAEDAzkBACBZAQDAHfk5qY6plFvZErBGSfJYjuV2bF49ZbZSfVFmhFQf\
            bJ6TgAPJynunB8CTyS8RxZcrlIPHEJnXfBBpNlftrffzu0ctDRIVt1nVjcwkdtfQlov3VCa1jDcJPME-M7C5Y_Z3Tx519s_n\
            50bm1_hLlu11lSBeM3eLhG1279zkDmsNyJW8FT1jSLldKMjXQdfN3Ha3FttA3vpo3BxJ5HKhsFmiwiCcNrA46rrkF6G9684H\
            mjP_vkXHjhLtQlyJ4ZIpFWq2Us9rDFCGRH9YW4WUQHDTqI2aWZE1-jf7LVmH1Wgu_R4f0h6yP-fLH4GqkcxdI46qLToPOznk\
            pj55Rwwlr8JbIUMBAAE
            """,
        getClient: """
            eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoibVJDY05WOGhRZW9pMWtQNUdtYmJKbExOTllOWHZRcnJwT3hP\
            dWNDdUhwdyIsIm9yaWdpbiI6Imh0dHBzOi8vaGVyc3lzLmV4YW1wbGUuanAiLCJjcm9zc09yaWdpbiI6ZmFsc2UsIm90aGVy\
            X2tleXNfY2FuX2JlX2FkZGVkX2hlcmUiOiJkbyBub3QgY29tcGFyZSBjbGllbnREYXRhSlNPTiBhZ2FpbnN0IGEgdGVtcGxh\
            dGUifQ
            """,
        data: "mutpF69hvA5_DtxQ6tFLXCxA4h3CaHRZgf87TlsbwDQFAAAABw",
        signature: """
            ElqwXuXa0102sy5tXbsjkvZ2hdadDkYrWKQSSNPc2jcnzCPtWmdunDuSsBEIA9TlLaMc59rTtNrp0FXAG7AHWLLxqxoSksmB\
            -CjhC38yhlOJJ72X9U7ePIiiRjCxBmDC6d3LDEmkcbvPlmDpgGTsP7IbhXtLpuKejAnw0UiHPkUn7bwAB03KtUn7VeOCI8_K\
            suFmR-bgZhhLGdmEmSkgCytFV6vxx4Q5wcIjbTie1uKOH9dT9o_WRSsDd-xXmOL2TMB2HxAOHHXPwRawjfVNNYYFJFAyorC5\
            D7T1QCap9WfCUvoLk5yJf6BD38YI2Z9144AcVoxMvHPtCbdIWIN6_w
            """
    )

    static let es256 = PasskeyVector(
        challenge: "GUDDt1dwVI7R37FdhYMyJmfV02hZxKLBrkCu0z1m52U",
        credential: "yMg8v92yrNRWzG0nmTXlGA",
        client: """
            eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiR1VERHQxZHdWSTdSMzdGZGhZTXlKbWZWMDJoWnhLTEJy\
            a0N1MHoxbTUyVSIsIm9yaWdpbiI6Imh0dHBzOi8vaGVyc3lzLmV4YW1wbGUuanAiLCJjcm9zc09yaWdpbiI6ZmFsc2V9
            """,
        attestation: """
            o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YViUmutpF69hvA5_DtxQ6tFLXCxA4h3CaHRZgf87TlsbwDRFAAAAAAAAAAAA\
            AAAAAAAAAAAAAAAAEMjIPL_dsqzUVsxtJ5k15RilAQIDJiABIVggXdvORXo63JH8RyEkThAdd9f_Li_nkb9qMp5H4gw2JBUi\
            WCDCbob4AwRNqc1MgDwSCDOIQ7_cYU9qeTcjWRajRZX8gA
            """,
        getClient: """
            eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiR1VERHQxZHdWSTdSMzdGZGhZTXlKbWZWMDJoWnhLTEJya0N1\
            MHoxbTUyVSIsIm9yaWdpbiI6Imh0dHBzOi8vaGVyc3lzLmV4YW1wbGUuanAiLCJjcm9zc09yaWdpbiI6ZmFsc2UsIm90aGVy\
            X2tleXNfY2FuX2JlX2FkZGVkX2hlcmUiOiJkbyBub3QgY29tcGFyZSBjbGllbnREYXRhSlNPTiBhZ2FpbnN0IGEgdGVtcGxh\
            dGUifQ
            """,
        data: "mutpF69hvA5_DtxQ6tFLXCxA4h3CaHRZgf87TlsbwDQFAAAABw",
        signature: "MEUCIQDZx0kgbhAtwQQG7VrAaDWL_Ais2WUSL449lOwIvTZysQIgZTz9VZsEn3l1jOHelkdigHKIiADX5L78hQY8ZemyVuU"
    )
}

/// A device that makes passkeys and signs with them, as honest or as broken as a test wants it.
struct TestDevice: Sendable {
    static let party = "hersys.example.jp"
    static let origin = "https://hersys.example.jp"

    let key = P256.Signing.PrivateKey()
    var credential = Array("credential-0123456789".utf8)
    var origin = Self.origin
    var party = Self.party
    /// Present, verified.
    var flags: UInt8 = 0x05
    var counter: UInt32 = 1
    var kind: String?
    var isFramed = false
    /// What is done to a signature before it is sent.
    var spoil: @Sendable ([UInt8]) -> [UInt8] = { $0 }

    private func client(_ kind: String, _ challenge: [UInt8]) -> [UInt8] {
        let framed = isFramed ? "true" : "false"
        return Array(
            """
            {"type":"\(self.kind ?? kind)","challenge":"\(Base64URL.text(challenge))","origin":"\(origin)",\
            "crossOrigin":\(framed)}
            """.utf8
        )
    }

    private func data(_ flags: UInt8) -> [UInt8] {
        Array(SHA256.hash(data: Array(party.utf8))) + [flags]
            + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: counter >> $0) }
    }

    var cose: [UInt8] {
        let point = Array(key.publicKey.rawRepresentation)
        return [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20] + point[..<32] + [0x22, 0x58, 0x20]
            + point[32...]
    }

    /// Attested data of a new credential.
    func attested(key: [UInt8]? = nil) -> [UInt8] {
        data(flags | 0x40) + [UInt8](repeating: 0, count: 16) + [0, UInt8(credential.count)] + credential
            + (key ?? cose)
    }

    static func object(_ data: [UInt8], format: String = "none", statement: [UInt8] = [0xa0]) -> [UInt8] {
        let length = [UInt8(data.count >> 8), UInt8(data.count & 255)]
        // As short as can be: the reader takes nothing else.
        let head = data.count < 256 ? [0x58, length[1]] : [0x59] + length
        return [0xa3, 0x63] + Array("fmt".utf8) + [0x60 + UInt8(format.utf8.count)] + Array(format.utf8)
            + [0x67] + Array("attStmt".utf8) + statement + [0x68] + Array("authData".utf8) + head + data
    }

    func makes(_ challenge: [UInt8], key: [UInt8]? = nil) -> (client: [UInt8], attestation: [UInt8]) {
        (client("webauthn.create", challenge), Self.object(attested(key: key)))
    }

    func signs(_ challenge: [UInt8]) throws -> (client: [UInt8], data: [UInt8], signature: [UInt8]) {
        let (client, data) = (client("webauthn.get", challenge), data(flags))
        let signature = try key.signature(for: data + SHA256.hash(data: client))
        return (client, data, spoil(Array(signature.derRepresentation)))
    }

    func made(_ asked: PasskeyRequest) -> PasskeyMade? {
        let made = makes(asked.challenge)
        return PasskeyMade(client: Base64URL.text(made.client), attestation: Base64URL.text(made.attestation))
    }

    func signed(_ asked: PasskeyRequest, handle: [UInt8] = []) throws -> PasskeySigned? {
        let signed = try signs(asked.challenge)
        return PasskeySigned(
            credential: Base64URL.text(credential),
            client: Base64URL.text(signed.client),
            data: Base64URL.text(signed.data),
            signature: Base64URL.text(signed.signature),
            handle: Base64URL.text(handle)
        )
    }
}
