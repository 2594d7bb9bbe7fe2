import Catalogue

/// A map of the 47 prefectures as tiles of one size, each about where it lies: drawn here, from no map's data.
enum PrefectureMap {
    /// Column and row of each prefecture's tile.
    static let places: [String: (column: Int, row: Int)] = [
        "01": (13, 0), "02": (13, 1), "05": (12, 2), "03": (13, 2), "06": (12, 3), "04": (13, 3),
        "17": (9, 4), "16": (10, 4), "15": (11, 4), "07": (12, 4),
        "18": (8, 5), "21": (9, 5), "20": (10, 5), "10": (11, 5), "09": (12, 5), "08": (13, 5),
        "32": (4, 6), "31": (5, 6), "28": (6, 6), "26": (7, 6), "25": (8, 6), "23": (9, 6), "19": (10, 6),
        "11": (11, 6),
        "13": (12, 6), "12": (13, 6),
        "42": (0, 7), "41": (1, 7), "40": (2, 7), "35": (3, 7), "34": (4, 7), "33": (5, 7), "27": (6, 7), "29": (7, 7),
        "24": (8, 7), "22": (10, 7), "14": (11, 7),
        "43": (1, 8), "44": (2, 8), "38": (4, 8), "37": (5, 8), "30": (7, 8),
        "46": (1, 9), "45": (2, 9), "39": (4, 9), "36": (5, 9),
        "47": (0, 10),
    ]

    /// How far a prefecture's local governments have answered.
    struct Count: Hashable {
        /// Local governments.
        var total = 0
        /// Those that have answered.
        var answered = 0
        /// Those of them that begin later.
        var later = 0

        /// The sign that says the same as the colour.
        var sign: String {
            switch (total, answered) {
            case (0, _): "－"
            case (_, 0): "×"
            case (let total, let answered) where answered < total: "△"
            default: "○"
            }
        }

        fileprivate var kind: String {
            switch sign {
            case "○": "all"
            case "△": "some"
            case "×": "none"
            default: "empty"
            }
        }
    }

    private static let step = 68
    private static let size = 64

    /// The map; its contents stand in words below it, as ``table(_:)``.
    static func svg(_ counts: [String: Count]) -> HTML {
        let columns = (places.values.map(\.column).max() ?? 0) + 1
        let rows = (places.values.map(\.row).max() ?? 0) + 1
        let tiles: [HTML] = CodeList.prefecture.entries.compactMap { entry in
            places[entry.code.rawValue].map { tile(short(entry.ja), $0, counts[entry.code.rawValue] ?? Count()) }
        }
        return """
            <div class="tilemap-frame" tabindex="0" role="group" aria-label="回答状況の地図（横に動かせます）">
            <svg class="tilemap" viewBox="0 0 \(columns * step) \(rows * step)" role="img" \
            aria-labelledby="map-title map-text">
            <title id="map-title">都道府県ごとの回答状況</title>
            <desc id="map-text">同じ内容を、下の「都道府県別の数」に表で示しています。</desc>
            \(tiles)
            </svg>
            </div>
            """
    }

    private static func tile(_ name: String, _ place: (column: Int, row: Int), _ count: Count) -> HTML {
        let (x, y) = (place.column * step + 2, place.row * step + 2)
        let middle = x + size / 2
        let later: HTML =
            count.later > 0
            ? #"<text x="\#(middle)" y="\#(y + 58)" class="tile-later">延期\#(count.later)</text>"# : .empty
        let answered: HTML =
            count.total == 0 ? "－" : "\(count.sign) \(count.answered)/\(count.total)"
        return """
            <g class="tile tile-\(count.kind)"><rect x="\(x)" y="\(y)" width="\(size)" height="\(size)" rx="6"/>\
            <text x="\(middle)" y="\(y + 22)" class="tile-name">\(name)</text>\
            <text x="\(middle)" y="\(y + 42)" class="tile-count">\(answered)</text>\(later)</g>
            """
    }

    /// 東京 for 東京都; 北海道 stays.
    static func short(_ name: String) -> String {
        name == "北海道" ? name : String(name.dropLast())
    }

    /// What the signs mean.
    static let legend: HTML = """
        <ul class="tilemap-legend"><li>○ すべて回答</li><li>△ 一部が未回答</li><li>× すべて未回答</li>\
        <li>－ 登録された自治体なし</li><li>延期：利用開始を遅らせる自治体の数</li></ul>
        """

    /// The same in words.
    static func table(_ counts: [String: Count]) -> HTML {
        let rows: [HTML] = CodeList.prefecture.entries.compactMap { entry in
            guard let count = counts[entry.code.rawValue], count.total > 0 else { return nil }
            return """
                <tr><th scope="row" data-label="都道府県">\(entry.ja)</th>\
                <td data-label="回答状況">\(count.sign)</td>\
                <td data-label="自治体" class="quantity">\(count.total)</td>\
                <td data-label="回答済み" class="quantity">\(count.answered)</td>\
                <td data-label="遅らせる" class="quantity">\(count.later)</td></tr>
                """
        }
        return """
            <details><summary>都道府県別の数</summary>
            <table class="table"><caption>登録された自治体のある都道府県</caption><thead><tr><th scope="col">都道府県</th>\
            <th scope="col">回答状況</th><th scope="col" class="quantity">自治体</th>\
            <th scope="col" class="quantity">回答済み</th><th scope="col" class="quantity">遅らせる</th></tr></thead>
            <tbody>\(rows)</tbody></table></details>
            """
    }
}
