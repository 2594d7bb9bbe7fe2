import Crypto

/// Looks whether what a browser sent is an answer to what it was asked (WebAuthn Level 3, §7.1 and §7.2).
///
/// Pure: knows neither the database nor the time. That a challenge is answered once and in time is its giver's task.
struct PasskeyCheck: Sendable {
    /// A credential that may be registered.
    struct Registration: Sendable {
        let credential: [UInt8]
        /// As a COSE key.
        let key: [UInt8]
        let counter: Int64
        let isVerified: Bool
    }

    /// The only site that may ask.
    let party: RelyingParty
    /// What was asked.
    let challenge: [UInt8]
    /// Whether the device has to have made sure who it was.
    let needsVerification: Bool

    /// Checks a registration.
    ///
    /// No attestation is asked, for none is looked up: which makers' devices staff use isn't ours to say. What comes all
    /// the same is taken where it says nothing (`none`), or where the new key itself signs it (`packed`).
    func registration(client: [UInt8], attestation: [UInt8]) throws(PasskeyFailure) -> Registration {
        try check(ClientData(client), .creation)
        let object = try CBORReader.value(attestation)
        guard case .map(let members) = object, members.count == 3, let bytes = object[.text("authData")]?.bytes,
            case .text(let format)? = object[.text("fmt")], case .map(let statement)? = object[.text("attStmt")]
        else { throw .malformed }
        let data = try AuthenticatorData(bytes)
        try check(data)
        guard let attested = data.attested else { throw .malformed }
        let key = try CredentialKey(cose: attested.key)
        switch format {
        case "none":
            guard statement.isEmpty else { throw .malformed }
        case "packed":
            guard statement.count == 2, statement[.text("alg")] == .integer(key.algorithm),
                let signature = statement[.text("sig")]?.bytes
            else { throw .algorithm }
            guard key.isValid(signature, over: bytes + SHA256.hash(data: client)) else { throw .signature }
        default: throw .algorithm
        }
        return Registration(
            credential: attested.id,
            key: attested.key,
            counter: data.counter,
            isVerified: data.isVerified
        )
    }

    /// Checks a sign-in by a passkey whose key and last counter are known; returns its counter now.
    func assertion(
        client: [UInt8],
        data bytes: [UInt8],
        signature: [UInt8],
        key: [UInt8],
        counter: Int64
    ) throws(PasskeyFailure) -> Int64 {
        try check(ClientData(client), .assertion)
        let data = try AuthenticatorData(bytes)
        try check(data)
        guard data.attested == nil else { throw .malformed }
        guard try CredentialKey(cose: key).isValid(signature, over: bytes + SHA256.hash(data: client)) else {
            throw .signature
        }
        // Last: only the true key's word about its counter tells of a copy.
        guard data.counter > counter || (data.counter == 0 && counter == 0) else { throw .counter }
        return data.counter
    }

    private func check(_ client: ClientData, _ kind: ClientData.Kind) throws(PasskeyFailure) {
        guard client.kind == kind else { throw .purpose }
        guard sameBytes(client.challenge, challenge) else { throw .challenge }
        guard client.origin == party.origin, !client.isFramed else { throw .origin }
    }

    private func check(_ data: AuthenticatorData) throws(PasskeyFailure) {
        guard sameBytes(data.partyHash, SHA256.hash(data: Array(party.id.utf8))) else { throw .party }
        guard data.isPresent else { throw .presence }
        guard data.isVerified || !needsVerification else { throw .verification }
    }
}
