import ArgumentParser
import Catalogue

/// `hersys catalogue`: the dictionary of items.
struct CatalogueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue",
        abstract: "項目とコード表の辞書を出力します"
    )

    @Flag(help: "項目をCSVで出力します")
    var csv = false

    @Flag(help: "コード表をCSVで出力します")
    var lists = false

    func run() throws {
        if lists {
            print(Catalogue.codeListsCSV(), terminator: "")
        } else if csv {
            print(Catalogue.dictionaryCSV(), terminator: "")
        } else {
            for item in Catalogue.items {
                print("\(item.key)\t\(item.section.label)\t\(item.ja)\t\(item.type.name)")
            }
        }
    }
}
