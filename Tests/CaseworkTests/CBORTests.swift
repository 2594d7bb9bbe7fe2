import Testing

@testable import Casework

@Suite struct CBORTests {
    @Test func `values are read as RFC 8949 writes them`() throws {
        // Appendix A.
        let vectors: [([UInt8], CBOR)] = [
            ([0x00], .integer(0)), ([0x17], .integer(23)), ([0x18, 0x18], .integer(24)),
            ([0x19, 0x03, 0xe8], .integer(1000)), ([0x1a, 0, 0x0f, 0x42, 0x40], .integer(1_000_000)),
            ([0x1b, 0, 0, 0, 0xe8, 0xd4, 0xa5, 0x10, 0], .integer(1_000_000_000_000)), ([0x20], .integer(-1)),
            ([0x38, 0x63], .integer(-100)), ([0x39, 0x01, 0x00], .integer(-257)),
            ([0x1b, 0x7f] + [UInt8](repeating: 0xff, count: 7), .integer(.max)),
            ([0x3b, 0x7f] + [UInt8](repeating: 0xff, count: 7), .integer(.min)), ([0x40], .bytes([])),
            ([0x44, 1, 2, 3, 4], .bytes([1, 2, 3, 4])), ([0x60], .text("")), ([0x62, 0xc3, 0xbc], .text("ü")),
            ([0x80], .list([])), ([0x82, 0x01, 0x61, 0x61], .list([.integer(1), .text("a")])), ([0xa0], .map([:])),
            ([0xa1, 0x61, 0x61, 0x01], .map([.text("a"): .integer(1)])), ([0xf4], .bool(false)),
            ([0xf5], .bool(true)), ([0xf6], .null),
        ]
        for (bytes, value) in vectors { #expect(try CBORReader.value(bytes) == value, "\(bytes)") }
    }

    @Test(
        arguments: [
            [], [0x18], [0x18, 0x17], [0x19, 0x00, 0xff], [0x1a, 0, 0, 0xff, 0xff],
            [0x1b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
            [0x1b, 0x80, 0, 0, 0, 0, 0, 0, 0], [0x3b, 0x80, 0, 0, 0, 0, 0, 0, 0], [0x1c], [0x1f], [0x41],
            [0x44, 1, 2, 3],
            [0x5f, 0x41, 1, 0xff], [0x7f, 0xff], [0x9f, 0xff], [0xbf, 0xff], [0x61, 0xff], [0x62, 0xc0, 0x80], [0x81],
            [0xa1, 0x01], [0xa2, 0x01, 0x02, 0x01, 0x03], [0xc0, 0x00], [0xf7], [0xf8, 0x20], [0xf9, 0, 0], [0xfb],
            [0x00, 0x00],
            [0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            [0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            [0xbb, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0xba, 0xff, 0xff, 0xff, 0xff],
            [UInt8](repeating: 0x81, count: 2000), [UInt8](repeating: 0xa1, count: 2000),
        ] as [[UInt8]]
    )
    func `what is cut, longer than need be, doubled, endless or deep is refused`(bytes: [UInt8]) {
        #expect(throws: PasskeyFailure.malformed) { try CBORReader.value(bytes) }
    }

    @Test func `no bytes whatever end the program`() throws {
        var chance = SystemRandomNumberGenerator()
        let made = TestDevice().makes(Array("challenge".utf8))
        let party = try #require(RelyingParty(origin: TestDevice.origin))
        let check = PasskeyCheck(party: party, challenge: Array("challenge".utf8), needsVerification: true)
        var refused = 0
        for round in 0..<20_000 {
            let bytes: [UInt8]
            if round.isMultiple(of: 2) {
                bytes = (0..<Int.random(in: 0..<120, using: &chance)).map { _ in
                    UInt8.random(in: 0...255, using: &chance)
                }
            } else {
                // Near to what is right: some bytes changed, an end cut off.
                var near = made.attestation
                for _ in 0..<Int.random(in: 1...4, using: &chance) {
                    near[Int.random(in: 0..<near.count, using: &chance)] = UInt8.random(in: 0...255, using: &chance)
                }
                bytes = Array(near.prefix(Int.random(in: 0...near.count, using: &chance)))
            }
            _ = try? CBORReader.value(bytes)
            _ = try? AuthenticatorData(bytes)
            _ = try? CredentialKey(cose: bytes)
            _ = try? ClientData(bytes)
            do {
                _ = try check.registration(client: made.client, attestation: bytes)
            } catch {
                refused += 1
            }
            if round.isMultiple(of: 100) {
                _ = try? check.assertion(client: bytes, data: bytes, signature: bytes, key: bytes, counter: 0)
            }
        }
        #expect(refused > 15_000)
    }
}
