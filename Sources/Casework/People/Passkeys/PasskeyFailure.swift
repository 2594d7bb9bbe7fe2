/// Why what a browser sent for a passkey is no proof; never told to whoever sent it, and without any value.
enum PasskeyFailure: String, Error, Sendable {
    /// Not of the form that the standard gives it.
    case malformed
    /// Made for something else: a registration for a sign-in, or the other way round.
    case purpose
    /// Not an answer to what was asked, answered already, or too late.
    case challenge
    /// Made on another site's page.
    case origin
    /// Made for another relying party.
    case party
    /// Nobody touched the device.
    case presence
    /// The device didn't make sure who touched it.
    case verification
    /// A kind of key or of attestation that isn't taken.
    case algorithm
    /// The signature isn't the key's.
    case signature
    /// The signature counter hasn't gone up: there may be a copy of the passkey.
    case counter
    /// A passkey that nobody registered, or of somebody else.
    case unknown
}
