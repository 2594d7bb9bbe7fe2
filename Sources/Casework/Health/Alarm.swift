public import Catalogue

/// How much a health report needs to be looked at.
///
/// A table and nothing else, so that it can be read, tested and changed by whoever knows the guidance: the signs are
/// those of 緊急性の高い症状 (厚生労働省 2020-04-28), SpO2 follows 中等症Ⅰ and Ⅱ of 診療の手引き, the pulse NEWS2.
public enum Alarm: Int, Sendable, Comparable, CaseIterable {
    /// Nothing that stands out.
    case none = 0
    /// 注意: somebody should look at it today.
    case watch = 1
    /// 緊急: somebody should call now.
    case emergency = 2

    /// The word on the screen, empty where there is nothing to say.
    public var label: String {
        switch self {
        case .none: ""
        case .watch: "注意"
        case .emergency: "緊急"
        }
    }

    /// Less urgent ones come first.
    public static func < (left: Alarm, right: Alarm) -> Bool {
        left.rawValue < right.rawValue
    }

    /// Signs that are an emergency where the answer is yes.
    private static let emergencySigns: [Item<Code>] = [.symptomFace, .symptomBreath, .symptomConsciousness]
    /// Signs that are to be watched where the answer is yes.
    private static let watchedSigns: [Item<Code>] = [.symptomEating, .symptomUrine]

    /// From which value on a number stands out; a value at the border stands out.
    private struct Limit {
        let key: String
        let isLow: Bool
        let watch: DecimalNumber
        let emergency: DecimalNumber

        static func low(_ key: String, watch: DecimalNumber, emergency: DecimalNumber) -> Limit {
            Limit(key: key, isLow: true, watch: watch, emergency: emergency)
        }

        static func high(_ key: String, watch: DecimalNumber, emergency: DecimalNumber) -> Limit {
            Limit(key: key, isLow: false, watch: watch, emergency: emergency)
        }

        func alarm(_ value: DecimalNumber) -> Alarm {
            if isLow { return value <= emergency ? .emergency : value <= watch ? .watch : .none }
            return value >= emergency ? .emergency : value >= watch ? .watch : .none
        }
    }

    private static let limits: [Limit] = [
        .low("spo2", watch: DecimalNumber(95), emergency: DecimalNumber(93)),
        .high("body_temperature", watch: DecimalNumber(thousandths: 38_500), emergency: DecimalNumber(40)),
        .low("body_temperature", watch: DecimalNumber(thousandths: 34_900), emergency: DecimalNumber(34)),
        .high("pulse", watch: DecimalNumber(111), emergency: DecimalNumber(131)),
        .low("pulse", watch: DecimalNumber(50), emergency: DecimalNumber(40)),
    ]

    /// What the items of a report amount to.
    public static func of(_ items: Record) -> Alarm {
        var alarm = Alarm.none
        if emergencySigns.contains(where: { items[$0] == "yes" }) { alarm = .emergency }
        if watchedSigns.contains(where: { items[$0] == "yes" }) { alarm = max(alarm, .watch) }
        for limit in limits {
            let value: DecimalNumber
            switch items[limit.key] {
            case .integer(let number)?: value = DecimalNumber(number)
            case .decimal(let number)?: value = number
            default: continue
            }
            alarm = max(alarm, limit.alarm(value))
        }
        return alarm
    }
}
