/// A municipality of the demonstration: its name and code are real, everybody in it is made up.
struct Municipality: Sendable {
    /// 6 digits with check digit.
    let code: String
    /// Name in Latin letters, for logins.
    let latin: String
    let name: String
    /// Prefecture, two digits.
    let prefecture: String
    /// First three digits of its postal codes.
    let postalPrefix: String
    /// How likely a case lives here.
    let weight: Int
    /// Place of its health centre among ``HealthCentres/all``.
    let healthCentre: Int

    /// Code without the check digit.
    var shortCode: Substring { code.dropLast() }
}

/// A health centre's name, where it stands and what is above it.
struct HealthCentrePlan: Sendable {
    let name: String
    /// Code of the municipality where it stands, without check digit.
    let shortCode: String
    let latin: String
    let prefecture: String
    /// Name of the city or ward that runs it; nil for a prefecture's own.
    let city: String?
}

/// The municipalities and the health centres that serve them.
enum Municipalities {
    /// Health centres in the order of ``table``.
    static let healthCentres: [HealthCentrePlan] = plan.centres
    /// All municipalities.
    static let all: [Municipality] = plan.municipalities
    /// For choosing where a case lives.
    static let weighted = Weighted(Array(all.indices).map { ($0, all[$0].weight) })

    /// Code, Latin name, name, first digits of the postal code, weight and health centre: `*` runs its own; otherwise
    /// the centre of the prefecture, named where it stands and with its municipality's code elsewhere.
    private static let table = """
        13101 chiyoda 千代田区 100 4 *
        13102 chuo 中央区 104 14 *
        13103 minato 港区 105 32 *
        13104 shinjuku 新宿区 160 46 *
        13105 bunkyo 文京区 112 12 *
        13106 taito 台東区 110 18 *
        13107 sumida 墨田区 130 17 *
        13108 koto 江東区 135 25 *
        13109 shinagawa 品川区 140 24 *
        13110 meguro 目黒区 152 20 *
        13111 ota 大田区 144 30 *
        13112 setagaya 世田谷区 154 50 *
        13113 shibuya 渋谷区 150 25 *
        13114 nakano 中野区 164 25 *
        13115 suginami 杉並区 166 28 *
        13116 toshima 豊島区 170 18 *
        13117 kita 北区 114 15 *
        13118 arakawa 荒川区 116 10 *
        13119 itabashi 板橋区 173 20 *
        13120 nerima 練馬区 176 26 *
        13121 adachi 足立区 120 22 *
        13122 katsushika 葛飾区 124 17 *
        13123 edogawa 江戸川区 132 22 *
        13201 hachioji 八王子市 192 8 *
        13209 machida 町田市 194 7 *
        13206 fuchu 府中市 183 8 多摩府中保健所
        13203 musashino 武蔵野市 180 5 13206
        13204 mitaka 三鷹市 181 5 13206
        13208 chofu 調布市 182 6 13206
        13202 tachikawa 立川市 190 4 多摩立川保健所
        13214 kokubunji 国分寺市 185 3 13202
        13224 tama 多摩市 206 4 南多摩保健所
        13212 hino 日野市 191 4 13224
        14100 yokohama 横浜市 231 60 *
        14130 kawasaki 川崎市 210 32 *
        14150 sagamihara 相模原市 252 12 *
        14201 yokosuka 横須賀市 238 7 *
        14205 fujisawa 藤沢市 251 7 *
        14212 atsugi 厚木市 243 4 厚木保健福祉事務所
        14213 yamato 大和市 242 4 14212
        14206 odawara 小田原市 250 3 小田原保健福祉事務所
        27100 osakashi 大阪市 530 78 *
        27140 sakai 堺市 590 17 *
        27203 toyonaka 豊中市 560 10 *
        27227 higashiosaka 東大阪市 577 10 *
        27205 suita 吹田市 564 9 *
        27211 ibaraki 茨木市 567 5 茨木保健所
        27224 settsu 摂津市 566 2 27211
        01100 sapporo 札幌市 060 38 *
        01202 hakodate 函館市 040 3 *
        01204 asahikawa 旭川市 070 4 *
        01217 ebetsu 江別市 067 3 江別保健所
        01234 kitahiroshima 北広島市 061 2 01217
        """

    private static let plan: (centres: [HealthCentrePlan], municipalities: [Municipality]) = {
        var centres: [HealthCentrePlan] = []
        var places: [String: Int] = [:]
        var municipalities: [Municipality] = []
        for line in table.split(separator: "\n") {
            let cells = line.split(separator: " ").map(String.init)
            guard cells.count == 6, let weight = Int(cells[4]) else { continue }
            let prefecture = String(cells[0].prefix(2))
            if let shared = places[cells[5]] {
                places[cells[0]] = shared
            } else {
                places[cells[0]] = centres.count
                let own = cells[5] == "*"
                centres.append(
                    HealthCentrePlan(
                        name: own ? "\(cells[2])保健所" : "\(Prefectures.name(prefecture))\(cells[5])",
                        shortCode: cells[0],
                        latin: cells[1],
                        prefecture: prefecture,
                        city: own ? cells[2] : nil
                    )
                )
            }
            municipalities.append(
                Municipality(
                    code: CheckDigit.municipality(cells[0]),
                    latin: cells[1],
                    name: cells[2],
                    prefecture: prefecture,
                    postalPrefix: cells[3],
                    weight: weight,
                    healthCentre: places[cells[0]] ?? 0
                )
            )
        }
        return (centres, municipalities)
    }()
}

/// The prefectures of the demonstration.
enum Prefectures {
    static let all: [(code: String, latin: String, name: String)] = [
        ("13", "tokyo", "東京都"), ("14", "kanagawa", "神奈川県"), ("27", "osaka", "大阪府"), ("01", "hokkaido", "北海道"),
    ]

    static func name(_ code: String) -> String {
        all.first { $0.code == code }?.name ?? ""
    }
}
