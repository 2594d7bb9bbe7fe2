import Crypto
import Foundation
import Testing

@testable import Casework

@Suite struct PasskeyCheckTests {
    private static let challenge = Array("0123456789abcdef0123456789abcdef".utf8)

    private static func check(needsVerification: Bool = true) throws -> PasskeyCheck {
        PasskeyCheck(
            party: try #require(RelyingParty(origin: TestDevice.origin)),
            challenge: challenge,
            needsVerification: needsVerification
        )
    }

    private static func failure(_ body: () throws -> Void) -> PasskeyFailure? {
        do {
            try body()
            return nil
        } catch {
            return error as? PasskeyFailure
        }
    }

    private static func assertion(
        _ device: TestDevice,
        check: PasskeyCheck,
        challenge: [UInt8] = challenge,
        key: [UInt8]? = nil,
        counter: Int64 = 0
    ) -> PasskeyFailure? {
        failure {
            let signed = try device.signs(challenge)
            _ = try check.assertion(
                client: signed.client,
                data: signed.data,
                signature: signed.signature,
                key: key ?? device.cose,
                counter: counter
            )
        }
    }

    @Test(arguments: [PasskeyVector.rs256, .es256])
    func `keys and signatures of other programs are read`(vector: PasskeyVector) throws {
        func bytes(_ text: String) throws -> [UInt8] { try #require(Base64URL.bytes(text)) }
        let check = PasskeyCheck(
            party: try #require(RelyingParty(origin: "https://hersys.example.jp")),
            challenge: try bytes(vector.challenge),
            needsVerification: true
        )
        let registered = try check.registration(
            client: try bytes(vector.client),
            attestation: try bytes(vector.attestation)
        )
        #expect(registered.credential == (try bytes(vector.credential)))
        let (client, data, signature) = (
            try bytes(vector.getClient), try bytes(vector.data), try bytes(vector.signature)
        )
        let counter = try check.assertion(
            client: client,
            data: data,
            signature: signature,
            key: registered.key,
            counter: 6
        )
        #expect(counter == 7)
        // Each byte of the signature, of the data and of the client's words counts.
        for place in stride(from: 0, to: signature.count, by: 7) {
            var flipped = signature
            flipped[place] ^= 0x01
            #expect(throws: PasskeyFailure.self) {
                try check.assertion(client: client, data: data, signature: flipped, key: registered.key, counter: 6)
            }
        }
        var later = data
        later[36] = 8
        #expect(throws: PasskeyFailure.signature) {
            try check.assertion(client: client, data: later, signature: signature, key: registered.key, counter: 6)
        }
        #expect(throws: PasskeyFailure.signature) {
            try check.assertion(
                client: client + Array(" ".utf8),
                data: data,
                signature: signature,
                key: registered.key,
                counter: 6
            )
        }
        let others: [[UInt8]] = [
            [], [0], signature.dropLast(), signature + [0], [UInt8](repeating: 0, count: 256),
        ]
        for wrong in others {
            #expect(throws: PasskeyFailure.signature) {
                try check.assertion(
                    client: client,
                    data: data,
                    signature: wrong,
                    key: registered.key,
                    counter: 6
                )
            }
        }
    }

    @Test func `an honest answer is taken`() throws {
        let device = TestDevice()
        #expect(Self.assertion(device, check: try Self.check()) == nil)
        #expect(Self.assertion(TestDevice(flags: 0x1d), check: try Self.check()) == nil)
        // Devices that don't count always say 0.
        #expect(Self.assertion(TestDevice(counter: 0), check: try Self.check()) == nil)
        let made = device.makes(Self.challenge)
        let registered = try Self.check().registration(client: made.client, attestation: made.attestation)
        #expect(registered.key == device.cose)
        #expect(registered.credential == device.credential)
    }

    @Test func `every other one is refused for what is wrong with it`() throws {
        let cases: [(TestDevice, PasskeyFailure)] = [
            (TestDevice(origin: "https://hersys.example.com"), .origin),
            (TestDevice(origin: "http://hersys.example.jp"), .origin),
            (TestDevice(origin: "https://hersys.example.jp:8443"), .origin),
            (TestDevice(origin: "https://a.hersys.example.jp"), .origin),
            (TestDevice(isFramed: true), .origin),
            (TestDevice(party: "example.jp"), .party), (TestDevice(party: ""), .party),
            (TestDevice(flags: 0x04), .presence), (TestDevice(flags: 0x01), .verification),
            (TestDevice(flags: 0x15), .malformed), (TestDevice(flags: 0x45), .malformed),
            (TestDevice(flags: 0x85), .malformed), (TestDevice(kind: "webauthn.create"), .purpose),
            (TestDevice(kind: "payment.get"), .purpose),
        ]
        for (device, expected) in cases {
            #expect(Self.assertion(device, check: try Self.check()) == expected, "\(device.flags) \(device.origin)")
        }
        let device = TestDevice()
        let check = try Self.check()
        #expect(Self.assertion(device, check: check, challenge: Array("another".utf8)) == .challenge)
        #expect(Self.assertion(device, check: check, challenge: []) == .challenge)
        #expect(Self.assertion(device, check: check, key: TestDevice().cose) == .signature)
        #expect(Self.assertion(TestDevice(flags: 0x01), check: try Self.check(needsVerification: false)) == nil)
    }

    @Test(arguments: [(5, 6, nil), (5, 5, PasskeyFailure.counter), (5, 4, .counter), (5, 0, .counter), (0, 0, nil)])
    func `a counter that doesn't go up is refused`(before: Int64, now: UInt32, expected: PasskeyFailure?) throws {
        let device = TestDevice(counter: now)
        #expect(Self.assertion(device, check: try Self.check(), counter: before) == expected)
    }

    @Test func `a false signature with an old counter is a false signature`() throws {
        let device = TestDevice(counter: 1, spoil: { $0.dropLast() + [$0[$0.count - 1] ^ 1] })
        #expect(Self.assertion(device, check: try Self.check(), counter: 9) == .signature)
    }

    @Test func `keys that aren't what they say are refused`() throws {
        let device = TestDevice()
        let good = device.cose
        var offCurve = good
        offCurve[offCurve.count - 1] ^= 1
        var other = good
        other[4] = 0x27
        var symmetric = good
        symmetric[2] = 0x04
        let rsa: [UInt8] = [0xa4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00, 0x20, 0x59]
        func modulus(_ count: Int, _ last: UInt8, _ exponent: [UInt8]) -> [UInt8] {
            rsa + [UInt8(count >> 8), UInt8(count & 255)] + [UInt8](repeating: 0xc5, count: count - 1) + [last]
                + [0x21, 0x40 + UInt8(exponent.count)] + exponent
        }
        let keys: [([UInt8], PasskeyFailure)] = [
            (offCurve, .malformed), (other, .algorithm), (symmetric, .malformed), ([], .malformed),
            (good.dropLast(), .malformed), (good + [0], .malformed), ([0xa0], .algorithm),
            ([0xa6] + good.dropFirst() + [0x04, 0x80], .malformed), (modulus(128, 1, [1, 0, 1]), .malformed),
            (modulus(1024, 1, [1, 0, 1]), .malformed), (modulus(256, 2, [1, 0, 1]), .malformed),
            (modulus(256, 1, [1]), .malformed), (modulus(256, 1, [3]), .malformed),
        ]
        for (key, expected) in keys {
            #expect(Self.failure { _ = try CredentialKey(cose: key) } == expected, "\(key.prefix(12))")
        }
        #expect(Self.failure { _ = try CredentialKey(cose: good) } == nil)
        #expect(Self.failure { _ = try CredentialKey(cose: modulus(256, 1, [1, 0, 1])) } == nil)
    }

    @Test func `an attestation says nothing, or is signed by the key itself`() throws {
        let device = TestDevice()
        let check = try Self.check()
        let (client, _) = device.makes(Self.challenge)
        let data = device.attested()
        func statement(_ signature: [UInt8], _ algorithm: UInt8 = 0x26) -> [UInt8] {
            [0xa2, 0x63] + Array("alg".utf8) + [algorithm, 0x63] + Array("sig".utf8)
                + [0x58, UInt8(signature.count)] + signature
        }
        let signature = Array(try device.key.signature(for: data + SHA256.hash(data: client)).derRepresentation)
        func failure(_ format: String, _ statement: [UInt8]) -> PasskeyFailure? {
            Self.failure {
                let object = TestDevice.object(data, format: format, statement: statement)
                _ = try check.registration(client: client, attestation: object)
            }
        }
        #expect(failure("none", [0xa0]) == nil)
        #expect(failure("none", statement(signature)) == .malformed)
        #expect(failure("packed", statement(signature)) == nil)
        #expect(failure("packed", statement(signature.dropLast() + [signature[signature.count - 1] ^ 1])) == .signature)
        #expect(failure("packed", statement(signature, 0x27)) == .algorithm)
        #expect(failure("packed", [0xa0]) == .algorithm)
        #expect(failure("tpm", [0xa0]) == .algorithm)
    }

    @Test(arguments: [
        ("https://hersys.example.jp", "https://hersys.example.jp", "hersys.example.jp"),
        ("https://HERSYS.example.jp/", "https://hersys.example.jp", "hersys.example.jp"),
        ("https://hersys.example.jp:443", "https://hersys.example.jp", "hersys.example.jp"),
        ("https://localhost:8443", "https://localhost:8443", "localhost"),
    ])
    func `a relying party is an https address`(typed: String, origin: String, id: String) {
        let party = RelyingParty(origin: typed)
        #expect(party?.origin == origin)
        #expect(party?.id == id)
    }

    @Test(arguments: [
        "", "hersys.example.jp", "http://hersys.example.jp", "https://", "https://127.0.0.1", "https://[::1]:8443",
        "https://hersys", "https://hersys.example.jp/cases", "https://hersys.example.jp:0", "https://a.jp:08443",
        "https://a.jp:1:2", "https://user@a.jp", "https://a..jp", "https://-a.jp", "https://病院.jp", "https://a.jp?x",
    ])
    func `anything else is none`(typed: String) {
        #expect(RelyingParty(origin: typed) == nil)
    }
}
