/// A municipality (市区町村).
public struct Municipality: Sendable, Hashable {
    /// 全国地方公共団体コード, 6 digits.
    public var code: String
    /// Prefecture's name.
    public var prefecture: String
    /// Name.
    public var name: String
    /// Reading.
    public var kana: String

    /// A municipality.
    public init(code: String, prefecture: String, name: String, kana: String) {
        self.code = code
        self.prefecture = prefecture
        self.name = name
        self.kana = kana
    }
}

/// A place that a postal code names.
public struct PostalPlace: Sendable, Hashable {
    /// 7 digits.
    public var postal: String
    /// The municipality's code.
    public var municipality: String
    /// 町域.
    public var town: String

    /// A place.
    public init(postal: String, municipality: String, town: String) {
        self.postal = postal
        self.municipality = municipality
        self.town = town
    }
}

/// Municipalities and postal codes; without them entry works, unaided.
public enum PlaceStore {
    /// Adds or renames municipalities.
    public static func save(_ municipalities: [Municipality], _ connection: any SQLConnection) throws {
        for one in municipalities {
            try connection.execute(
                """
                INSERT INTO municipalities (code, prefecture, name, kana) VALUES ($1, $2, $3, $4)
                ON CONFLICT (code) DO UPDATE SET prefecture = excluded.prefecture, name = excluded.name,
                    kana = excluded.kana
                """,
                [.text(one.code), .text(one.prefecture), .text(one.name), .text(one.kana)]
            )
        }
    }

    /// Replaces all postal places.
    public static func replacePostalPlaces(_ places: [PostalPlace], _ connection: any SQLConnection) throws {
        try connection.execute("DELETE FROM postal_places")
        var last = ""
        var index: Int64 = 0
        for place in places.sorted(by: { ($0.postal, $0.municipality, $0.town) < ($1.postal, $1.municipality, $1.town) }
        ) {
            index = place.postal == last ? index + 1 : 0
            last = place.postal
            try connection.execute(
                "INSERT INTO postal_places (postal, place, municipality, town) VALUES ($1, $2, $3, $4)",
                [.text(place.postal), .integer(index), .text(place.municipality), .text(place.town)]
            )
        }
    }

    /// All municipalities in the order of their codes.
    public static func municipalities(_ connection: any SQLConnection) throws -> [Municipality] {
        try connection.rows("SELECT code, prefecture, name, kana FROM municipalities ORDER BY code") {
            Municipality(code: $0.text(0), prefecture: $0.text(1), name: $0.text(2), kana: $0.text(3))
        }
    }

    /// The places a postal code names.
    public static func places(postal: String, _ connection: any SQLConnection) throws -> [PostalPlace] {
        try connection.rows(
            "SELECT postal, municipality, town FROM postal_places WHERE postal = $1 ORDER BY place",
            [.text(postal)]
        ) { PostalPlace(postal: $0.text(0), municipality: $0.text(1), town: $0.text(2)) }
    }
}
