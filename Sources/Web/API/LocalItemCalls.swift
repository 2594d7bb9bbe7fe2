import Access
import Casework
import Catalogue
import Hummingbird

/// 独自項目 between programs: what may be sent besides the items of this description.
enum LocalItemCalls {
    @Sendable
    static func list(
        _ request: Request,
        _ context: WebContext,
        _ site: Site,
        _ caller: Caller
    ) async throws -> Response {
        let items = try await site.casework.readableLocalItems(by: caller)
        return .api(
            JSONWriter.object { object in
                object.name("local_items")
                object.list { list in for item in items { list.object { write(item, to: &$0) } } }
            }
        )
    }

    private static func write(_ item: LocalItem, to object: inout JSONWriter) {
        object.member("key", item.key)
        object.member("label", item.definition.ja)
        object.member("section", item.definition.section.rawValue)
        object.member("type", item.kind.name)
        switch item.kind {
        case .number(let range):
            object.member("minimum", range.lowerBound)
            object.member("maximum", range.upperBound)
        case .choice, .yesNoUnknown:
            object.name("codes")
            object.list { list in
                for entry in item.definition.type.codeList?.entries ?? [] {
                    list.object { code in
                        code.member("code", entry.code.rawValue)
                        code.member("label", entry.ja)
                    }
                }
            }
        case .text, .longText, .date: break
        }
        object.name("required")
        object.bool(item.isRequired)
        object.name("health_centres")
        object.list { list in for office in item.offices { list.text(office) } }
        object.member("from", item.from.iso)
        if let until = item.until { object.member("until", until.iso) }
    }
}
