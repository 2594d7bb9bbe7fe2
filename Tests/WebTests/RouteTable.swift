import Access
import Casework
import Catalogue
import HTTPTypes
import Storage
import Testing

@testable import Web

/// Things of みなと保健所 and みなと病院, by the name that a route gives to the part of its address: what nobody else may
/// reach by naming them.
struct RouteTable {
    /// A part of an address: what stands there, and what never stood anywhere.
    struct Part {
        let own: String
        let unknown: String
    }

    let number: CaseNumber
    private var parts: [String: Part] = [:]

    /// Names whose values belong to nobody: sections, days, files.
    private static let common = [
        "section": "person", "day": "2020-06-01", "file": "hersys-0000000000000000.css", "institution": "med-a",
        "secret": String(repeating: "0", count: 22), "**": "nowhere",
        "login": "nobody-here", "batch": "no-such-batch", "client": "client-none", "government": "hq-x",
        "chapter": "no-such-chapter", "organisation": "med-a", "key": String(repeating: "0", count: 32),
    ]

    static let staff: [Route] = routes(.staff)
    static let client: [Route] = routes(.client)
    static let forms: [Route] = staff.filter { $0.method == .post }

    static func routes(_ policy: Route.Policy) -> [Route] {
        WebApplication.routes.filter { $0.policy == policy }
    }

    /// Makes the things.
    init(_ site: TestSite, owner: Browser) async throws {
        number = try await site.report([
            ("family_name", .text("鰐渕")), ("family_kana", .text("ワニブチ")), ("address_line", .text("鷺沼町9-9-9")),
        ])
        let stranger = try #require(Vault(site.keys).caseNumber(7_654_321))
        parts["id"] = Part(own: number.digits, unknown: stranger.digits)
        let begun = try await owner.post("/cases/selection", [("order", "oldest")])
        let selection = try #require(begun.header("Location")?.firstMatch(of: /select=([^&]+)/)).1
        let never = String(repeating: "x", count: 16)
        parts["selection"] = Part(own: String(selection), unknown: never)
        // The result of a deed is found by the name that its page gave it: it is there once the deed is done.
        _ = try await owner.post("/cases/selection/\(selection)", [("case", number.digits), ("shown", number.digits)])
        let preview = try await owner.get("/cases/selection/\(selection)/preview?deed=confirm&value=")
        let fields = ["deed", "value", "deed_id", "seen"].map { name in
            let rest = preview.text.components(separatedBy: "name=\"\(name)\" value=\"").dropFirst().first ?? ""
            return (name, String(rest.prefix { $0 != "\"" }))
        }
        parts["deed"] = Part(own: fields[2].1.isEmpty ? String(selection) : fields[2].1, unknown: never)
        _ = try await owner.post("/cases/saved", [("name", "みなとの条件"), ("q", "")])
        let saved = try await owner.get("/cases/saved").text
        let filter = saved.firstMatch(of: /cases\/saved\/([A-Za-z0-9_-]{8,})/)?.1 ?? "none-was-saved"
        parts["filter"] = Part(own: String(filter), unknown: never)
        let kept = try await owner.post("/account/forms", [("action", "/cases/new"), ("body", "memo=himitsu")])
        parts["form"] = Part(own: kept.json["kept"]?.text ?? "", unknown: never)
    }

    /// What a route's address is filled with; nil where a part has a name that this table doesn't know.
    func address(_ route: Route, unknown: Bool = false) -> String? {
        var result = ""
        for piece in route.path.split(separator: "/") {
            var text = String(piece)
            if piece == "**" || piece.hasPrefix("{") {
                let name = piece == "**" ? "**" : String(piece.dropFirst().dropLast())
                guard let value = parts[name].map({ unknown ? $0.unknown : $0.own }) ?? Self.common[name] else {
                    return nil
                }
                text = value
            }
            result += "/\(text)"
        }
        return result.isEmpty ? "/" : result
    }

    /// A text without what names the things: what is left must not tell one from the other.
    func withoutNames(_ text: String) -> String {
        var text = text
        for part in parts.values {
            for name in [part.own, part.unknown] { text = text.replacing(name, with: "NAME") }
        }
        let display = parts["id"].map { [$0.own, $0.unknown] } ?? []
        for number in display.compactMap({ try? CaseNumber.read($0).get().display }) {
            text = text.replacing(number, with: "NAME")
        }
        return text
    }

    /// Words of the person and of what is kept: nobody else is shown one of them.
    static let secrets = ["鰐渕", "ワニブチ", "鷺沼町", "himitsu", "みなとの条件"]
}
