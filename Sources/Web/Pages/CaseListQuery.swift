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
    /// `newest`, `oldest`, `updated` or the name of an order by an item.
    var order = Self.newest
    /// The selection that is being made.
    var selection: String?
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
        order = form["order"].flatMap { Self.isOrder($0, staff) ? $0 : nil } ?? Self.newest
        selection = form["select"].flatMap { $0.isEmpty || $0.utf8.count > 40 ? nil : $0 }
        after = form["after"].flatMap { try? CaseNumber.read($0).get() }
    }

    /// The address of the list that is asked for.
    func address(_ staff: Staff) -> String {
        let query = parts(staff).map { "\($0)=\(Redirect.percentEncoded($1))" }.joined(separator: "&")
        return query.isEmpty ? "/cases" : "/cases?\(query)"
    }

    /// The fields of the address; a form that leads back to the list carries them hidden.
    func parts(_ staff: Staff) -> [(name: String, value: String)] {
        var parts: [(name: String, value: String)] = []
        if !words.allSatisfy(\.isWhitespace) { parts.append(("find", Self.seal(words, staff))) }
        if let intake { parts.append(("intake", intake.rawValue)) }
        if let status { parts.append(("status", status.rawValue)) }
        if let office { parts.append(("office", office)) }
        if let institution { parts.append(("institution", institution)) }
        if order != Self.newest { parts.append(("order", order)) }
        if let selection { parts.append(("select", selection)) }
        if let after { parts.append(("after", after.digits)) }
        return parts
    }

    /// The fields hidden in a form.
    func hidden(_ staff: Staff) -> HTML {
        let fields: [HTML] = parts(staff).map { #"<input type="hidden" name="\#($0.name)" value="\#($0.value)">"# }
        return "\(fields)"
    }

    // MARK: Order

    static let newest = "newest"

    private static func isOrder(_ name: String, _ staff: Staff) -> Bool {
        name == newest || name == "oldest" || name == "updated"
            || ListSort(name: name)?.isOffered(to: staff.organisation.kind) == true
    }

    /// The same list from its first page in another order.
    func ordered(_ order: String) -> CaseListQuery {
        var other = self
        other.order = order
        other.after = nil
        return other
    }

    // MARK: Keeping

    /// What is kept of it under a name; it is stored sealed.
    var kept: [String: String] {
        var fields = ["order": order]
        if !words.allSatisfy(\.isWhitespace) { fields["q"] = words }
        fields["intake"] = intake?.rawValue
        fields["status"] = status?.rawValue
        fields["office"] = office
        fields["institution"] = institution
        return fields
    }

    /// What casework is asked.
    var request: ListRequest {
        var request = ListRequest()
        request.words = words
        request.intake = intake
        request.status = status
        request.jurisdiction = office
        request.reporter = institution
        switch order {
        case Self.newest: request.order = .newest
        case "oldest": request.order = .oldest
        case "updated": request.order = .updated
        default: request.sort = ListSort(name: order)
        }
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
