import Access
import Casework
import Catalogue

extension CaseTable {
    /// The columns as they stand: the HER-SYS ID first, then what was chosen, then what is done with a row.
    var arranged: [Column] {
        let usual = columns
        let tick = ticked.map { [Self.tick($0)] } ?? []
        guard let chosen else { return tick + usual }
        return tick + usual.prefix(1) + chosen.compactMap { self.column($0, usual) } + usual.filter(\.id.isEmpty)
    }

    /// A chosen column is there in every row, whatever stands in it: the gate has cut out what may not be read.
    private func column(_ chosen: ListColumn, _ usual: [Column]) -> Column? {
        if let group = usual.first(where: { $0.id == chosen.id }) {
            return Column(id: group.id, label: group.label, isShown: { _ in true }, cell: group.cell)
        }
        let words = words
        guard let item = words.item(chosen.id) else { return nil }
        return Column(
            id: chosen.id,
            label: chosen.label,
            isShown: { _ in true },
            cell: { row in
                guard row.reads(item), let value = row.file.items[chosen.id] else { return "―" }
                return "\(Components.shortened(words.text(value, of: item), 60))"
            }
        )
    }

    private static func tick(_ ticked: Set<CaseNumber>) -> Column {
        Column(
            id: "tick",
            label: "選択",
            isShown: { _ in true },
            cell: { row in
                let (number, mark) = (row.file.number, ticked.contains(row.file.number) ? " checked" : "")
                return """
                    <input type="hidden" name="shown" value="\(number.digits)"><label class="tick">\
                    <input type="checkbox" name="case" value="\(number.digits)"\(HTML(stringLiteral: mark))>\
                    <span class="hidden-text">HER-SYS ID \(number.display) を選択</span></label>
                    """
            }
        )
    }

    /// A column's heading, as a link where it puts the list in order.
    func head(_ column: Column) -> HTML {
        if column.label.isEmpty { return #"<th scope="col"><span class="hidden-text">操作</span></th>"# }
        if let listed = ListColumn(id: column.id) ?? Self.idColumn(column), let heading, let head = heading(listed) {
            return head
        }
        return #"<th scope="col">\#(column.label)</th>"#
    }

    private static func idColumn(_ column: Column) -> ListColumn? {
        column.id == ListColumn.number.id ? .number : nil
    }
}
