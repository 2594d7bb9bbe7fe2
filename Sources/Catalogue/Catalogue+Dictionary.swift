extension Catalogue {
    /// The dictionary of items as CSV, as it stands in `docs/dictionary/items.csv`.
    public static func dictionaryCSV() -> String {
        table(
            "item,section,ja,en,type,codes,form_no,national,nesid,note,sensitivity,range,unit,deidentified",
            items.map { item in
                [
                    item.key, item.section.rawValue, item.ja, item.en, item.type.name,
                    item.type.codeList?.key ?? "", item.formNumber ?? "", mark(item.national), mark(item.nesid),
                    item.note, item.sensitivity.rawValue,
                    item.range.map { "\($0.lowerBound)–\($0.upperBound)" } ?? "", item.unit ?? "",
                    mark(item.deidentified),
                ]
            }
        )
    }

    /// The code lists as CSV, as they stand in `docs/dictionary/codelists.csv`.
    public static func codeListsCSV() -> String {
        table(
            "list,code,ja,en",
            lists.flatMap { list in
                list.entries.map { [list.key, $0.code.rawValue, $0.ja, $0.en] }
            }
        )
    }

    private static func table(_ header: String, _ rows: [[String]]) -> String {
        rows.reduce(into: header + "\n") { text, row in
            text += row.map(quoted).joined(separator: ",") + "\n"
        }
    }

    private static func mark(_ holds: Bool) -> String { holds ? "yes" : "" }

    private static func quoted(_ cell: String) -> String {
        guard cell.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return cell }
        return "\"\(cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }
}
