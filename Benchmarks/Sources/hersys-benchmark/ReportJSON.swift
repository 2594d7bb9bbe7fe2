import Casework
import Catalogue
import Foundation

/// A report as an API client sends it.
enum ReportJSON {
    static func bytes(_ report: Report) throws -> [UInt8] {
        let tests = try report.tests.map(object).joined(separator: ",")
        let form = try report.form.map { #""form":\#(try quoted($0)),"# } ?? ""
        return Array(#"{\#(form)"keep_warnings":true,"items":\#(try object(report.items)),"#.utf8)
            + Array(#""tests":[\#(tests)]}"#.utf8)
    }

    private static func object(_ record: Record) throws -> String {
        let members = try record.all.sorted { $0.key < $1.key }.map { "\(try quoted($0.key)):\(try json($0.value))" }
        return "{\(members.joined(separator: ","))}"
    }

    private static func json(_ value: Value) throws -> String {
        switch value {
        case .text(let text): try quoted(text)
        case .integer(let number): String(number)
        case .decimal(let number): number.text
        case .date(let date): try quoted(date.iso)
        case .time(let time): try quoted(time.rfc3339)
        case .code(let code): try quoted(code.rawValue)
        case .codes(let codes): "[\(try codes.map { try quoted($0.rawValue) }.joined(separator: ","))]"
        case .institution(let institution):
            if let code = institution.code {
                #"{"name":\#(try quoted(institution.name)),"code":\#(try quoted(code))}"#
            } else {
                try quoted(institution.name)
            }
        }
    }

    private static func quoted(_ text: String) throws -> String {
        String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    }
}
