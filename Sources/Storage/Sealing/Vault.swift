public import Catalogue
import Crypto
import Foundation

/// Seals what is stored, makes search tokens and history hashes, gives HER-SYS IDs.
public struct Vault: Sendable {
    /// Its sealing keys, which may change while it works.
    public let keys: KeyHolder
    private let tokenKey: SymmetricKey
    private let numbering: CaseNumbering
    /// Begun with the token key once: each token continues a copy.
    private let begun: HMAC<SHA256>
    private let begunChain: HMAC<SHA256>

    /// A vault with an installation's keys.
    public init(_ keys: KeyRing) {
        self.keys = KeyHolder(keys)
        tokenKey = keys.token
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
        let (number, key) = try keys.sealingKey()
        return try Self.seal(bytes, number, key, Self.context(context, id))
    }

    /// Opens what ``seal(_:_:_:)`` sealed in the same context, and what was sealed anew since.
    public func open(_ sealed: [UInt8], _ context: StaticString, _ id: Int64) throws -> [UInt8] {
        let opened = try openWhole(sealed, context, id)
        return Seal(sealed).isCarried ? Array(opened.dropFirst(Carried.length)) : opened
    }

    /// What stands in front of sealed bytes.
    struct Seal: Hashable, Sendable {
        /// Set where a chained row was sealed anew: what its chain is taken over stands inside, before the contents.
        private static let carried: UInt32 = 1 << 31

        /// The key's number.
        let key: UInt32
        let isCarried: Bool

        /// Of sealed bytes, or of their first four.
        init(_ sealed: [UInt8]) {
            guard sealed.count >= 4 else {
                (key, isCarried) = (0, false)
                return
            }
            let word = sealed.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)) }
            (key, isCarried) = (word & ~Self.carried, word & Self.carried != 0)
        }

        static func word(_ key: UInt32, isCarried: Bool) -> UInt32 { isCarried ? key | carried : key }

        /// The first four bytes of what is sealed with a key.
        static func bytes(_ key: UInt32, isCarried: Bool) -> [UInt8] {
            withUnsafeBytes(of: word(key, isCarried: isCarried).littleEndian) { Array($0) }
        }
    }

    private static func seal(
        _ bytes: [UInt8],
        _ word: UInt32,
        _ key: SymmetricKey,
        _ context: [UInt8]
    ) throws -> [UInt8] {
        let box = try AES.GCM.seal(bytes, using: key, authenticating: context)
        var sealed: [UInt8] = []
        sealed.reserveCapacity(4 + 12 + bytes.count + 16)
        withUnsafeBytes(of: word.littleEndian) { sealed.append(contentsOf: $0) }
        sealed.append(contentsOf: box.nonce)
        sealed.append(contentsOf: box.ciphertext)
        sealed.append(contentsOf: box.tag)
        return sealed
    }

    private func openWhole(_ sealed: [UInt8], _ context: StaticString, _ id: Int64) throws -> [UInt8] {
        guard sealed.count >= 32 else { throw StorageFailure.unreadable("short") }
        let seal = Seal(sealed)
        guard let key = keys.key(seal.key) else { throw StorageFailure.unreadable("key") }
        do {
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: sealed[4..<16]),
                ciphertext: sealed[16..<(sealed.count - 16)],
                tag: sealed[(sealed.count - 16)...]
            )
            let context = Self.context(context, id, isCarried: seal.isCarried)
            let opened = Array(try AES.GCM.open(box, using: key, authenticating: context))
            guard !seal.isCarried || opened.count >= Carried.length else { throw StorageFailure.unreadable("sealed") }
            return opened
        } catch {
            throw StorageFailure.unreadable("sealed")
        }
    }

    private static func context(_ context: StaticString, _ id: Int64, isCarried: Bool) -> [UInt8] {
        var bytes = Self.context(context, id)
        if isCarried { bytes.append(1) }
        return bytes
    }

    // MARK: Sealing anew

    /// What a chained row's hash was taken over, carried along inside the new seal since the old bytes are gone.
    struct Carried: Sendable, Hashable {
        static let length = 64

        /// What the chain is taken over.
        let digest: [UInt8]
        /// A hash of the row's clear numbers, which the digest held, too: a changed one is found as before.
        let numbers: [UInt8]
    }

    /// Seals the same contents with the key that is written with now; nil where they are already.
    ///
    /// - Parameters:
    ///   - sealed: the bytes as they stand.
    ///   - context: what they belong to.
    ///   - id: the row they belong to.
    ///   - chained: of a row in a chain, what its hash is taken over as it stands; nil for others.
    /// - Returns: the bytes that take their place.
    /// - Throws: `StorageFailure.unreadable` where they don't open.
    func reseal(
        _ sealed: [UInt8],
        _ context: StaticString,
        _ id: Int64,
        chained: Carried? = nil
    ) throws -> [UInt8]? {
        let (number, key) = try keys.sealingKey()
        let seal = Seal(sealed)
        guard seal.key != number else { return nil }
        var bytes = try openWhole(sealed, context, id)
        let isCarried = seal.isCarried || chained != nil
        if let chained, !seal.isCarried { bytes = chained.digest + chained.numbers + bytes }
        return try Self.seal(
            bytes,
            Seal.word(number, isCarried: isCarried),
            key,
            Self.context(context, id, isCarried: isCarried)
        )
    }

    /// What a chained row that was sealed anew carries; nil where its own bytes are what the hash was taken over.
    func carried(_ sealed: [UInt8], _ context: StaticString, _ id: Int64) throws -> Carried? {
        guard Seal(sealed).isCarried else { return nil }
        let opened = try openWhole(sealed, context, id)
        return Carried(digest: Array(opened[0..<32]), numbers: Array(opened[32..<64]))
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
        return Array(HMAC<SHA256>.authenticationCode(for: bytes, using: tokenKey))
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
