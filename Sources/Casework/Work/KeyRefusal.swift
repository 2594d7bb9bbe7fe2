public import Storage

/// Why a key isn't changed or given up.
public enum KeyRefusal: Error, Sendable {
    /// Servers that can't open with the new key yet.
    case unknown(to: [KeyHolderNote])
    /// Servers that have another key than the file under one number.
    case different([KeyHolderNote])
    /// Servers that can't take the key file in their place, and work on with the keys of before.
    case refusing([KeyHolderNote])
    /// Servers of a version that doesn't tell keys apart.
    case outdated([KeyHolderNote])
    /// The file has another key under the number of the one that is written with, or none; servers that have it.
    case notOurs(UInt32, at: [KeyHolderNote])
    /// With the file that would be left, nothing of these columns opens.
    case closed([String])
    /// Servers that still write with another key.
    case unlike([KeyHolderNote])
    /// It is the key that is written with.
    case isCurrent
    /// Rows are sealed with it.
    case used(rows: Int)
    /// The change was a moment ago: whoever began before it may still write.
    case tooSoon(seconds: Int)
}

/// The keys that a change would leave everybody with, held against what others say.
struct KeyAgreement {
    /// What tells our keys apart.
    let fingerprints: [UInt32: String]
    /// The servers that work.
    let holders: [KeyHolderNote]

    /// Throws unless everybody is known to have the same keys as we, where they have any of ours.
    func refuseDifferent() throws {
        try refuse(KeyRefusal.outdated) { $0.fingerprints == nil }
        try refuse(KeyRefusal.different) { holder in
            (holder.fingerprints ?? [:]).contains { fingerprints[$0.key] ?? $0.value != $0.value }
        }
        try refuse(KeyRefusal.refusing) { $0.refusesFile }
    }

    /// Throws unless the key that the database names is ours.
    func refuseOther(than key: WritingKey) throws {
        guard let own = fingerprints[key.number], key.fingerprint ?? own == own else {
            throw KeyRefusal.notOurs(key.number, at: Self.having(key, holders))
        }
    }

    /// Throws where one of the servers is so.
    func refuse(_ refusal: ([KeyHolderNote]) -> KeyRefusal, where isSo: (KeyHolderNote) -> Bool) throws {
        let found = holders.filter(isSo)
        guard found.isEmpty else { throw refusal(found) }
    }

    /// The servers that have a key, those first whose file has it, too.
    static func having(_ key: WritingKey, _ holders: [KeyHolderNote]) -> [KeyHolderNote] {
        let found = holders.filter { holder in
            guard let own = holder.fingerprints?[key.number] else { return false }
            return key.fingerprint ?? own == own
        }
        return found.filter { !$0.refusesFile } + found.filter(\.refusesFile)
    }
}
