import Casework
import Catalogue
import Foundation
import Hummingbird
import Storage

/// What a postal code names, for the form's address.
enum PlacePages {
    /// A place as the form's script reads it.
    private struct Place: Encodable {
        let municipality: String
        let name: String
        let town: String
    }

    static let routes: [Route] = [
        .page("/places") { request, _, site, _ in
            let query = try FormData.parse(Array((request.uri.query ?? "").utf8))
            let digits = (query["postal"] ?? "").filter { ("0"..."9").contains($0) }
            guard digits.utf8.count == 7 else { return try .json(encoding: [Place]()) }
            let municipalities = try await site.casework.municipalities()
            let places = try await site.casework.places(postal: digits).map { place in
                let municipality = municipalities[place.municipality]
                return Place(
                    municipality: place.municipality,
                    name: municipality.map { $0.prefecture + $0.name } ?? "",
                    town: place.town
                )
            }
            return try .json(encoding: places)
        }
    ]
}

extension Response {
    /// JSON made of a value.
    static func json(encoding value: some Encodable) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return .json(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
