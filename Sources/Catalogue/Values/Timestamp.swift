/// A moment to the second.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Seconds since 1970-01-01T00:00:00Z.
    public let seconds: Int64

    /// The moment that many seconds after 1970-01-01T00:00:00Z.
    public init(seconds: Int64) {
        self.seconds = seconds
    }

    /// The moment a day of Japan has reached a time of day.
    public init(_ date: CalendarDate, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        seconds = Int64(date.dayNumber) * 86_400 + Int64(hour * 3600 + minute * 60 + second) - Self.japanOffset
    }

    /// Japan has kept UTC+9 without summer time since 1952.
    private static let japanOffset: Int64 = 9 * 3600

    /// The day in Japan at this moment.
    public var japanDate: CalendarDate {
        CalendarDate(dayNumber: Int32(floorDivide(seconds + Self.japanOffset, 86_400)))
    }

    /// The time of day in Japan at this moment.
    public var japanTime: (hour: Int, minute: Int, second: Int) {
        let local = seconds + Self.japanOffset
        let inDay = Int(local - floorDivide(local, 86_400) * 86_400)
        return (inDay / 3600, inDay / 60 % 60, inDay % 60)
    }

    /// The moment that many seconds later.
    public func adding(seconds more: Int64) -> Timestamp {
        Timestamp(seconds: seconds + more)
    }

    /// RFC 3339 with Japan's offset: `2020-05-22T09:00:00+09:00`.
    public var rfc3339: String {
        let (hour, minute, second) = japanTime
        return "\(japanDate.iso)T\(twoDigits(hour)):\(twoDigits(minute)):\(twoDigits(second))+09:00"
    }

    /// Reads RFC 3339 (`2020-05-22T09:00:00+09:00`, `…Z`) or `YYYY-MM-DDTHH:MM` taken as Japan's time.
    public init?(rfc3339 text: some StringProtocol) {
        let parts = text.split(whereSeparator: { $0 == "T" || $0 == " " || $0 == "t" })
        guard parts.count == 2, let date = CalendarDate(iso: parts[0]) else { return nil }
        var clock = Substring(parts[1])
        var offset = Self.japanOffset
        if clock.hasSuffix("Z") || clock.hasSuffix("z") {
            offset = 0
            clock = clock.dropLast()
        } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
            let zone = clock[clock.index(after: sign)...].split(separator: ":", omittingEmptySubsequences: false)
            guard zone.count == 2, let hours = twoDigitNumber(zone[0], 23), let minutes = twoDigitNumber(zone[1], 59)
            else { return nil }
            offset = Int64(hours * 3600 + minutes * 60) * (clock[sign] == "-" ? -1 : 1)
            clock = clock[..<sign]
        }
        // A fraction of a second is accepted and dropped: no item is kept finer than a second.
        if let point = clock.firstIndex(of: ".") {
            let fraction = clock[clock.index(after: point)...].utf8
            guard !fraction.isEmpty, fraction.allSatisfy({ (48...57).contains($0) }) else { return nil }
            clock = clock[..<point]
        }
        let numbers = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard numbers.count == 2 || numbers.count == 3, let hour = twoDigitNumber(numbers[0], 23),
            let minute = twoDigitNumber(numbers[1], 59)
        else { return nil }
        var second = 0
        if numbers.count == 3 {
            guard let read = twoDigitNumber(numbers[2], 59) else { return nil }
            second = read
        }
        seconds =
            Int64(date.dayNumber) * 86_400 + Int64(hour * 3600 + minute * 60 + second) - offset
    }

    /// Earlier moments come first.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.seconds < right.seconds
    }
}

private func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    value >= 0 ? value / divisor : (value - divisor + 1) / divisor
}

private func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : String(number)
}

private func twoDigitNumber(_ text: some StringProtocol, _ most: Int) -> Int? {
    guard text.utf8.count == 2, text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text), number <= most
    else { return nil }
    return number
}
