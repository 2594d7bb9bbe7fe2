/// What the device says about itself (WebAuthn §6.1).
struct AuthenticatorData: Sendable {
    /// A new credential.
    struct Attested: Sendable {
        /// Its id.
        let id: [UInt8]
        /// Its public key as a COSE key.
        let key: [UInt8]
    }

    /// SHA-256 of the relying party's id.
    let partyHash: [UInt8]
    /// Whether somebody touched the device.
    let isPresent: Bool
    /// Whether the device made sure who it was: by finger, face or PIN.
    let isVerified: Bool
    /// The signature counter, 0 for a device that doesn't count.
    let counter: Int64
    /// The new credential of a registration.
    let attested: Attested?

    /// Longest credential id that the standard allows.
    private static let longestID = 1023

    init(_ bytes: [UInt8]) throws(PasskeyFailure) {
        guard bytes.count >= 37 else { throw .malformed }
        partyHash = Array(bytes[..<32])
        let flags = bytes[32]
        isPresent = flags & 0x01 != 0
        isVerified = flags & 0x04 != 0
        // Backed up without being eligible for it: no device says so.
        guard flags & 0x18 != 0x10 else { throw .malformed }
        counter = bytes[33..<37].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        var place = 37
        if flags & 0x40 != 0 {
            guard bytes.count >= place + 18 else { throw .malformed }
            let length = Int(bytes[place + 16]) << 8 | Int(bytes[place + 17])
            place += 18
            guard (1...Self.longestID).contains(length), bytes.count - place >= length else { throw .malformed }
            let id = Array(bytes[place..<place + length])
            place += length
            var reader = CBORReader(bytes, from: place)
            _ = try reader.next()
            attested = Attested(id: id, key: Array(bytes[place..<reader.place]))
            place = reader.place
        } else {
            attested = nil
        }
        if flags & 0x80 != 0 {
            var reader = CBORReader(bytes, from: place)
            guard case .map = try reader.next() else { throw .malformed }
            place = reader.place
        }
        guard place == bytes.count else { throw .malformed }
    }
}
