import Access
import Catalogue

/// What one process tells the others on its database, as one line; no value of a case stands in it.
///
/// Each word carries its version. A program that doesn't know a word passes over it, so that servers of two versions
/// can work side by side: a changed word gets a new version and is said beside the old one for a while.
enum EventLine: Equatable {
    /// A case has changed; these organisations are told.
    case changed(CaseEvent, Set<OrganisationKey>)
    /// These organisations have something new in their notice boxes.
    case notice(Set<OrganisationKey>)
    /// Organisations were added or changed.
    case directory
    /// More has changed than a line can say.
    case much
    /// Somebody has a case open.
    case present(OpenPage)
    /// A page was closed.
    case gone(account: Int64, token: String)

    /// A line longer than this is said as ``much``: the database passes on 8,000 bytes at the most.
    private static let mostBytes = 4000

    var text: String {
        switch self {
        case .changed(let event, let organisations):
            let keys = organisations.sorted().map(Self.escaped).joined(separator: ",")
            let text = "case/1 \(event.number.digits) \(event.version) \(Self.escaped(event.action)) \(keys)"
            return text.utf8.count > Self.mostBytes ? Self.much.text : text
        case .notice(let organisations):
            let text = "notice/1 \(organisations.sorted().map(Self.escaped).joined(separator: ","))"
            return text.utf8.count > Self.mostBytes ? Self.much.text : text
        case .directory: return "directory/1"
        case .much: return "much/1"
        case .present(let page): return Self.presence(page)
        case .gone(let account, let token): return "gone/1 \(account) \(token)"
        }
    }

    /// Reads a line; nil for one that a newer program says.
    init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        switch words[0] {
        case "directory/1": self = .directory
        case "much/1": self = .much
        case "notice/1":
            guard words.count == 2 else { return nil }
            self = .notice(Set(words[1].split(separator: ",").compactMap(Self.unescaped)))
        case "case/1":
            guard words.count == 5, words[1].utf8.count == 12,
                case .success(let number) = CaseNumber.read(String(words[1])),
                let version = Int(words[2]), let action = Self.unescaped(words[3])
            else { return nil }
            let keys = words[4].split(separator: ",").compactMap(Self.unescaped)
            self = .changed(CaseEvent(number: number, version: version, action: action), Set(keys))
        case "here/1":
            guard let page = Self.page(words) else { return nil }
            self = .present(page)
        case "gone/1":
            guard words.count == 3, let account = Int64(words[1]) else { return nil }
            let token = String(words[2])
            guard OpenPage.isToken(token) else { return nil }
            self = .gone(account: account, token: token)
        default: return nil
        }
    }

    private static func presence(_ page: OpenPage) -> String {
        let section = page.section?.rawValue ?? "-"
        return "here/1 \(page.number.digits) \(page.account) \(page.token) \(page.standing.rawValue) \(section) "
            + escaped(page.organisation)
    }

    private static func page(_ words: [Substring]) -> OpenPage? {
        guard words.count == 7, words[1].utf8.count == 12, let account = Int64(words[2]),
            case .success(let number) = CaseNumber.read(String(words[1])), OpenPage.isToken(String(words[3])),
            let standing = Standing(rawValue: String(words[4])), let organisation = unescaped(words[6])
        else { return nil }
        return OpenPage(
            number: number,
            token: String(words[3]),
            account: account,
            organisation: organisation,
            standing: standing,
            section: Section(rawValue: String(words[5]))
        )
    }

    /// Keys are free texts: whatever has a meaning in a line is written as `%20`.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result += byte < 16 ? "%0" : "%"
                result += String(byte, radix: 16)
            }
        }
        return result
    }

    private static func unescaped(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let value = UInt8(String(Substring(rest.prefix(2))), radix: 16), rest.count >= 2 else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
