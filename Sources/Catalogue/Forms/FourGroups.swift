/// Whom the paper of 2022-09-26 is for (発生届の対象となる4類型); everybody else is counted in 日次総数報告.
public enum FourGroups {
    /// What the answers so far say.
    public enum Verdict: Sendable, Hashable {
        /// Not enough has been answered.
        case open
        /// The person is to be notified; why.
        case needed([String])
        /// The person isn't notified but counted.
        case notNeeded
    }

    /// What is said of somebody in none of the groups, and what to do instead.
    public static let notNeeded =
        "この方の発生届は不要です。届出の対象は、65歳以上の方、入院を要する方、リスク因子があり治療薬か酸素投与を要する方、妊娠中の方です。"
        + "どれにも当たらない方は、日次総数報告の人数に含めてください。"

    /// The groups that the person belongs to, as the paper names them.
    static func reasons(_ record: Record, today: CalendarDate) -> [String] {
        var reasons: [String] = []
        if let age = record.age(today), age >= 65 { reasons.append("65歳以上") }
        if record[.admissionNeeded] == "yes" { reasons.append("入院を要する") }
        let needsTreatment = (record[.oxygenOrDrugNeeded] ?? []).contains { $0 != "none" }
        if hasRisk(record), needsTreatment { reasons.append("リスク因子があり治療薬か酸素投与を要する") }
        if record[.pregnancy] == "yes" { reasons.append("妊娠中") }
        return reasons
    }

    /// Whether the person is to be notified, as far as can be said from what has been entered.
    /// - Parameters:
    ///   - record: the single-valued items entered so far.
    ///   - today: the day in Japan.
    /// - Returns: ``Verdict/open`` until each of the groups but pregnancy has been answered for.
    public static func verdict(_ record: Record, today: CalendarDate) -> Verdict {
        if record[.caseClass]?.isBody == true { return .needed(["死体の検案"]) }
        let reasons = reasons(record, today: today)
        guard reasons.isEmpty else { return .needed(reasons) }
        let isAnswered =
            record.age(today) != nil && record[.admissionNeeded] != nil && record[.riskFactors] != nil
            && (!hasRisk(record) || record[.oxygenOrDrugNeeded] != nil)
        return isAnswered ? .notNeeded : .open
    }

    private static func hasRisk(_ record: Record) -> Bool {
        (record[.riskFactors] ?? []).contains { $0 != "none" }
    }
}
