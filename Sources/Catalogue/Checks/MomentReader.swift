/// Reads a day with a time of day: `2020/5/22 14:30`, `令和2年5月22日14時30分`, `今日 午後2時`, RFC 3339.
enum MomentReader {
    static func read(
        _ text: String,
        for item: ItemDefinition,
        today: CalendarDate
    ) -> Result<Timestamp, ReadingFailure> {
        if let moment = Timestamp(rfc3339: text) { return .success(moment) }
        let clockText = text.reversed().prefix { $0.isNumber || ":時分秒".contains($0) }
        var dayText = text.dropLast(clockText.count).trimmingSpaces
        var afternoon: Bool?
        for (word, isAfternoon) in [("午前", false), ("午後", true)] where dayText.hasSuffix(word) {
            dayText = dayText.dropLast(2).trimmingSpaces
            afternoon = isAfternoon
        }
        guard let seconds = secondsOfDay(String(clockText.reversed()), afternoon: afternoon), !dayText.isEmpty else {
            return .failure(item.failure("format", "は日付と時刻を「2020/5/22 14:30」のように入力してください。"))
        }
        return JapaneseDate.read(dayText, today: today)
            .mapError(item.naming)
            .map { Timestamp($0).adding(seconds: Int64(seconds)) }
    }

    private static func secondsOfDay(_ text: String, afternoon: Bool?) -> Int? {
        guard text.contains(where: { $0 == ":" || $0 == "時" }) else { return nil }
        var clock = Substring(text)
        if let last = clock.last, "時分秒".contains(last) { clock = clock.dropLast() }
        let parts = clock.split(omittingEmptySubsequences: false, whereSeparator: { ":時分".contains($0) })
        let numbers = parts.compactMap { part in
            (1...2).contains(part.utf8.count) && part.utf8.allSatisfy(\.isDigit) ? Int(part) : nil
        }
        guard (1...3).contains(parts.count), numbers.count == parts.count, numbers[0] <= (afternoon == nil ? 23 : 12),
            numbers.dropFirst().allSatisfy({ $0 <= 59 })
        else { return nil }
        let minutes = numbers.count > 1 ? numbers[1] : 0
        let seconds = numbers.count > 2 ? numbers[2] : 0
        // 午後0時 is noon, and so is 午前12時 in the law of 1872.
        let hour = afternoon == true ? numbers[0] % 12 + 12 : numbers[0]
        return hour * 3600 + minutes * 60 + seconds
    }
}
