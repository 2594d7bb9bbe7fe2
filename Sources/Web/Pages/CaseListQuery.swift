import Access
import Casework
import Catalogue
import Crypto
import Storage

/// What a list's address asks for.
///
/// The words of a search are names and telephone numbers: they don't stand in the address as they are, for addresses
/// end up in histories and logs. They are sealed with a key that only this session has.
struct CaseListQuery: Sendable, Equatable {
    var words = ""
    var intake: Intake?
    var status: Code?
    var office: OrganisationKey?
    var institution: OrganisationKey?
    var order = CaseQuery.Order.newest
    var after: CaseNumber?
    /// The address held words of an earlier session, which nobody can read any more.
    var hasLostWords = false

    init() {}

    /// Reads an address's query or the search form.
    init(_ form: FormData, _ staff: Staff) {
        words = form["q"] ?? ""
        if let sealed = form["find"], !sealed.isEmpty {
            let opened = Self.open(sealed, staff)
            words = opened ?? words
            hasLostWords = opened == nil
        }
        intake = form["intake"].flatMap(Intake.init(rawValue:))
        status = form["status"].flatMap { CodeList.status[Code($0)] == nil ? nil : Code($0) }
        office = form["office"].flatMap { $0.isEmpty || $0.utf8.count > 60 ? nil : $0 }
        institution = form["institution"].flatMap { $0.isEmpty || $0.utf8.count > 60 ? nil : $0 }
        order = form["order"].flatMap(CaseQuery.Order.init(rawValue:)) ?? .newest
        after = form["after"].flatMap { try? CaseNumber.read($0).get() }
    }

    /// The address of the list that is asked for.
    func address(_ staff: Staff) -> String {
        var parts: [(String, String)] = []
        if !words.allSatisfy(\.isWhitespace) { parts.append(("find", Self.seal(words, staff))) }
        if let intake { parts.append(("intake", intake.rawValue)) }
        if let status { parts.append(("status", status.rawValue)) }
        if let office { parts.append(("office", office)) }
        if let institution { parts.append(("institution", institution)) }
        if order != .newest { parts.append(("order", order.rawValue)) }
        if let after { parts.append(("after", after.digits)) }
        let query = parts.map { "\($0)=\(Redirect.percentEncoded($1))" }.joined(separator: "&")
        return query.isEmpty ? "/cases" : "/cases?\(query)"
    }

    /// What casework is asked.
    var request: ListRequest {
        var request = ListRequest()
        request.words = words
        request.intake = intake
        request.status = status
        request.jurisdiction = office
        request.reporter = institution
        request.order = order
        request.after = after
        return request
    }

    // MARK: Sealing

    private static func key(_ staff: Staff) -> SymmetricKey {
        SymmetricKey(data: SHA256.hash(data: Array("hersys search \(staff.csrf)".utf8)))
    }

    private static func seal(_ words: String, _ staff: Staff) -> String {
        // More is no search; padded, so that the length tells nothing of the name.
        var bytes = Array(words.prefix(100).utf8)
        bytes.append(contentsOf: [UInt8](repeating: UInt8(ascii: " "), count: (64 - bytes.count % 64) % 64))
        guard let box = try? AES.GCM.seal(bytes, using: key(staff)) else { return "" }
        return Hex.text(Array(box.nonce) + Array(box.ciphertext) + Array(box.tag))
    }

    private static func open(_ sealed: String, _ staff: Staff) -> String? {
        guard sealed.utf8.count <= 4096, let bytes = Hex.bytes(sealed), bytes.count > 28,
            let nonce = try? AES.GCM.Nonce(data: bytes.prefix(12)),
            let box = try? AES.GCM.SealedBox(
                nonce: nonce,
                ciphertext: bytes.dropFirst(12).dropLast(16),
                tag: bytes.suffix(16)
            ),
            let opened = try? AES.GCM.open(box, using: key(staff))
        else { return nil }
        var words = String(decoding: opened, as: UTF8.self)
        while words.last == " " { words.removeLast() }
        return words
    }
}
