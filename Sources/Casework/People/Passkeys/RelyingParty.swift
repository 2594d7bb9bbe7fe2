/// For whom passkeys are made (Relying Party): the one address at which staff open this system.
///
/// It comes from the installation's settings and never from a request: a page that pretends to be ours is told apart by
/// its origin, so a client can't be the one to say what the origin is.
public struct RelyingParty: Sendable, Hashable {
    /// `https://hersys.example.jp`, as browsers write it: without the usual port and without a slash.
    public let origin: String
    /// The host: what a passkey is bound to.
    public let id: String

    /// The relying party at an address; nil unless it is https with a host name, since browsers make no passkeys for
    /// numeric addresses.
    public init?(origin: String) {
        var rest = Substring(origin.lowercased())
        guard rest.hasPrefix("https://") else { return nil }
        rest = rest.dropFirst(8)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let host = parts.first, host.utf8.count <= 253 else { return nil }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let isWellFormed = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == 45 }
        }
        guard isWellFormed, labels.count > 1 || host == "localhost",
            labels.last?.utf8.allSatisfy({ (48...57).contains($0) }) == false
        else { return nil }
        id = String(host)
        guard parts.count == 2, parts[1] != "443" else {
            self.origin = "https://\(host)"
            return
        }
        guard let port = Int(parts[1]), (1...65_535).contains(port), String(port) == parts[1] else { return nil }
        self.origin = "https://\(host):\(port)"
    }
}
