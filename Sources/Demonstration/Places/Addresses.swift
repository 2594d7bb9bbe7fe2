/// Made-up streets, houses and telephone numbers.
enum Addresses {
    static let towns = """
        青葉台 若葉町 緑が丘 桜丘町 光が丘台 ひばり町 日の出町 朝日台 希望が丘 みどり町 富士見台 梅ヶ枝町 松風町 竹園町 けやき台 もみじ台 \
        つつじ野 すみれ台 小鳥町 白鷺町 千鳥台 月見町 星見台 虹ヶ丘 清水台 泉ヶ丘 水車町 里山町 若宮台 八重桜町
        """.split(separator: " ").map(String.init)

    static let buildings = """
        コーポ青空 グリーンハイツ若葉 サンライズ荘 メゾン虹 ひだまりマンション 第二みなもハイツ パークサイド緑 ハイム小鳥 レジデンス星見 団地3号棟
        """.split(separator: " ").map(String.init)

    /// `0000` to `9999`.
    static let fourDigits: [String] = (0..<10_000).map { String(String($0 + 10_000).dropFirst()) }
    /// `000` to `999`.
    static let threeDigits: [String] = (0..<1000).map { String(String($0 + 1000).dropFirst()) }
    private static let blocks: [String] = (1...6).map { "\($0)丁目" }
    private static let lots: [String] = (1...30).map { "\($0)番" }
    private static let houses: [String] = (1...24).map { "\($0)号" }
    private static let rooms: [String] = (1...9).flatMap { floor in (1...8).map { " \(floor)0\($0)号室" } }
    private static let mobilePrefixes = ["090-0", "070-0", "060-0"]

    /// Street and house, with a flat in six of ten.
    static func line(_ chance: inout Chance) -> String {
        var line = chance.pick(towns)
        line.reserveCapacity(88)
        line += chance.pick(blocks)
        line += chance.pick(lots)
        line += chance.pick(houses)
        if chance.happens(600) {
            line += " "
            line += chance.pick(buildings)
            line += chance.pick(rooms)
        }
        return line
    }

    /// A mobile number that is assigned to nobody: no number has 0 after the first three digits, but 0800, which is
    /// another kind.
    static func mobile(_ chance: inout Chance) -> String {
        // Thirteen bytes: short enough to need no memory of its own.
        chance.pick(mobilePrefixes) + chance.pick(threeDigits) + "-" + chance.pick(fourDigits)
    }

    /// A number of a fixed line that is assigned to nobody: no exchange begins with 0.
    static func fixedLine(prefecture: String, _ chance: inout Chance) -> String {
        let area: String
        switch prefecture {
        case "14": area = "045-0"
        case "27": area = "072-0"
        case "01": area = "011-0"
        default: area = "03-0"
        }
        // Ten digits in all.
        let middle = area.utf8.count == 4 ? chance.pick(threeDigits) : String(chance.pick(threeDigits).dropFirst())
        return area + middle + "-" + chance.pick(fourDigits)
    }

    /// A postal code that begins like those of the place; its last digits are chance.
    static func postalCode(prefix: String, _ chance: inout Chance) -> String {
        prefix + chance.pick(fourDigits)
    }
}
