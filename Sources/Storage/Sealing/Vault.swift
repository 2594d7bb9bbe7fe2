public import Catalogue
import Crypto
import Foundation

/// Seals what is stored, makes search tokens and history hashes, gives HER-SYS IDs.
public struct Vault: Sendable {
    private let keys: KeyRing
    private let numbering: CaseNumbering
    /// Begun with the token key once: each token continues a copy.
    private let begun: HMAC<SHA256>
    private let begunChain: HMAC<SHA256>

    /// A vault with an installation's keys.
    public init(_ keys: KeyRing) {
        self.keys = keys
        numbering = CaseNumbering(keys.number)
        begun = HMAC<SHA256>(key: keys.token)
        begunChain = HMAC<SHA256>(key: keys.chain)
    }

    // MARK: Sealing

    /// Seals bytes with AES-256-GCM; the key's number stands in front, the context is authenticated with them.
    ///
    /// - Parameters:
    ///   - bytes: what to seal.
    ///   - context: what the bytes belong to, such as `case`; bytes moved elsewhere don't open.
    ///   - id: the row they belong to.
    /// - Returns: key number, nonce, sealed bytes and tag.
    /// - Throws: `StorageFailure.unreadable` where the ring lacks its current key.
    public func seal(_ bytes: [UInt8], _ context: StaticString, _ id: Int64) throws -> [UInt8] {
        guard let key = keys.sealing[keys.current] else { throw StorageFailure.unreadable("key") }
        let box = try AES.GCM.seal(bytes, using: key, authenticating: Self.context(context, id))
        var sealed: [UInt8] = []
        sealed.reserveCapacity(4 + 12 + bytes.count + 16)
        withUnsafeBytes(of: keys.current.littleEndian) { sealed.append(contentsOf: $0) }
        sealed.append(contentsOf: box.nonce)
        sealed.append(contentsOf: box.ciphertext)
        sealed.append(contentsOf: box.tag)
        return sealed
    }

    /// Opens what ``seal(_:_:_:)`` sealed in the same context.
    public func open(_ sealed: [UInt8], _ context: StaticString, _ id: Int64) throws -> [UInt8] {
        guard sealed.count >= 32 else { throw StorageFailure.unreadable("short") }
        let keyID = sealed.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)) }
        guard let key = keys.sealing[keyID] else { throw StorageFailure.unreadable("key") }
        do {
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: sealed[4..<16]),
                ciphertext: sealed[16..<(sealed.count - 16)],
                tag: sealed[(sealed.count - 16)...]
            )
            return Array(try AES.GCM.open(box, using: key, authenticating: Self.context(context, id)))
        } catch {
            throw StorageFailure.unreadable("sealed")
        }
    }

    private static func context(_ context: StaticString, _ id: Int64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(context.utf8CodeUnitCount + 8)
        context.withUTF8Buffer { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: id.littleEndian) { bytes.append(contentsOf: $0) }
        return bytes
    }

    // MARK: Tokens

    /// A keyed token of a normalised value: equal values have equal tokens, and nothing leads back.
    ///
    /// 64 of HMAC-SHA256's 256 bits are kept: among 10 million tokens a false meeting is one in a million, and every
    /// hit is opened and compared again.
    public func token(_ kind: TokenKind, _ value: String) -> Int64 {
        var bytes: [UInt8] = [kind.rawValue]
        bytes.append(contentsOf: value.utf8)
        var hmac = begun
        hmac.update(data: bytes)
        return hmac.finalize().withUnsafeBytes { $0.loadUnaligned(as: Int64.self) }
    }

    /// A keyed digest of a secret that is only ever compared: session, one-time code, client secret.
    public func digest(_ purpose: StaticString, _ secret: some Sequence<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        purpose.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(0)
        bytes.append(contentsOf: secret)
        return Array(HMAC<SHA256>.authenticationCode(for: bytes, using: keys.token))
    }

    // MARK: History

    /// The hash of a history line: keyed, over the line before and everything that the line says.
    func chainHash(previous: [UInt8], _ line: [UInt8]) -> [UInt8] {
        var hmac = begunChain
        hmac.update(data: previous + line)
        return Array(hmac.finalize())
    }

    // MARK: HER-SYS IDs

    /// The HER-SYS ID of the n-th case ever.
    public func caseNumber(_ sequence: Int64) -> CaseNumber? {
        CaseNumber(payload: numbering.scramble(sequence))
    }

    /// Which case a HER-SYS ID belongs to.
    public func sequence(_ number: CaseNumber) -> Int64 {
        numbering.unscramble(number.payload)
    }
}

/// What a search token stands for; part of what is hashed, so that a birth date never meets a telephone.
public enum TokenKind: UInt8, Sendable {
    /// Family and given name, kana, loose form.
    case kana = 1
    /// Family name, kana, loose form.
    case familyKana
    /// Given name, kana, loose form.
    case givenKana
    /// Family and given name as written, folded.
    case name
    /// Family name as written, folded.
    case familyName
    /// Any telephone of the person.
    case phone
    /// Birth date.
    case birthDate
    /// NESID number.
    case nesid
    /// A published case's number within its publisher.
    case published
}
