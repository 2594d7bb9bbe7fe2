import Catalogue
import Foundation
import Testing

@testable import Storage

@Suite struct SealingTests {
    let vault = Vault(.generate())

    @Test func `sealed bytes open only where they belong and only unchanged`() throws {
        let bytes = Array("佐藤 花子".utf8)
        let sealed = try vault.seal(bytes, "case", 1)
        #expect(try vault.open(sealed, "case", 1) == bytes)
        #expect(throws: StorageFailure.self) { try vault.open(sealed, "case", 2) }
        #expect(throws: StorageFailure.self) { try vault.open(sealed, "history", 1) }
        #expect(throws: StorageFailure.self) { try Vault(.generate()).open(sealed, "case", 1) }
        for place in sealed.indices {
            var changed = sealed
            changed[place] ^= 1
            #expect(throws: StorageFailure.self) { try vault.open(changed, "case", 1) }
        }
        for length in 0..<sealed.count {
            #expect(throws: StorageFailure.self) { try vault.open(Array(sealed.prefix(length)), "case", 1) }
        }
    }

    @Test func `sealing the same twice gives different bytes without the value in them`() throws {
        let bytes = Array("0312345678".utf8)
        let one = try vault.seal(bytes, "case", 1)
        #expect(try one != vault.seal(bytes, "case", 1))
        #expect(!Data(one).contains(Data(bytes)))
    }

    @Test func `tokens are equal for equal values of one kind and installation only`() {
        #expect(vault.token(.phone, "0312345678") == vault.token(.phone, "0312345678"))
        #expect(vault.token(.phone, "0312345678") != vault.token(.nesid, "0312345678"))
        #expect(vault.token(.phone, "0312345678") != Vault(.generate()).token(.phone, "0312345678"))
    }

    @Test func `every HER-SYS ID is given once and leads back`() {
        let numbering = CaseNumbering((1, 2))
        var seen: Set<Int64> = []
        for value in 0..<20_000 as Range<Int64> {
            let number = numbering.scramble(value)
            #expect((0..<CaseNumbering.count).contains(number))
            #expect(numbering.unscramble(number) == value)
            seen.insert(number)
        }
        #expect(seen.count == 20_000)
        for value in [CaseNumbering.count - 1, CaseNumbering.count / 2] {
            #expect(numbering.unscramble(numbering.scramble(value)) == value)
        }
    }

    @Test func `neighbours' HER-SYS IDs are far apart`() {
        let numbering = CaseNumbering((3, 4))
        let near = (0..<10_000 as Range<Int64>).filter {
            abs(numbering.scramble($0) - numbering.scramble($0 + 1)) < 1_000_000
        }
        // By chance 2 in 100,000 would be.
        #expect(near.count < 10)
    }

    @Test func `the round function is SipHash-2-4`() {
        // Key 00…0f and message 00…07 of the reference vectors.
        #expect(sipHash((0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908), 0x0706_0504_0302_0100) == 0x93f5_f579_9a93_2462)
    }

    @Test func `a key file is written once, for its owner only, and reads back`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).keys").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let ring = KeyRing.generate()
        try ring.save(path: path)
        #expect(throws: KeyRing.Failure.self) { try KeyRing.generate().save(path: path) }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let sealed = try Vault(ring).seal([1, 2, 3], "case", 9)
        #expect(try Vault(KeyRing.load(path: path)).open(sealed, "case", 9) == [1, 2, 3])
        try Data("{}".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: KeyRing.Failure.self) { try KeyRing.load(path: path) }
    }
}
