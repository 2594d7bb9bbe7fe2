import Access
import Catalogue

/// How a report goes from the institution to the health centre, in moments.
struct IntakePlan {
    let state: Intake
    let faxAt: Timestamp?
    let submittedAt: Timestamp
    /// Sent back at, where it was.
    let returnedAt: Timestamp?
    /// Corrected at, where it was sent back and came again.
    let revisedAt: Timestamp?
    let confirmedAt: Timestamp?
    let reason: String?

    private static let reasons = [
        "発病年月日が初診年月日より後になっていないか確認してください。", "住所の番地を確認してください。", "検体採取日を確認してください。",
        "氏名の漢字とフリガナが一致しません。", "連絡先電話番号がつながりません。再確認をお願いします。",
    ]

    /// Nothing is later than noon of today.
    static func plan(
        _ course: Course,
        _ route: CaseMaker.EntryRoute,
        today: CalendarDate,
        _ chance: inout Chance
    ) -> IntakePlan {
        let day = course.notifiedOn
        let isToday = day >= today
        let hour = isToday ? chance.number(8...9) : chance.number(9...18)
        let submitted = Timestamp(day, hour: hour, minute: chance.below(60), second: chance.below(60))
        let fax: Timestamp? =
            route == .fax ? submitted.adding(seconds: -Int64(chance.number(15...(isToday ? 60 : 180)) * 60)) : nil
        let age = today.days(since: day)
        // What came yesterday and today waits, but for a little.
        if age < 2, chance.happens(880) {
            return IntakePlan(
                state: .submitted,
                faxAt: fax,
                submittedAt: submitted,
                returnedAt: nil,
                revisedAt: nil,
                confirmedAt: nil,
                reason: nil
            )
        }
        let returned = submitted.adding(seconds: Int64(chance.number(20...90) * 60))
        if age < 12, route.isOwn, chance.happens(80) {
            return IntakePlan(
                state: .returned,
                faxAt: fax,
                submittedAt: submitted,
                returnedAt: returned,
                revisedAt: nil,
                confirmedAt: nil,
                reason: chance.pick(reasons)
            )
        }
        if age >= 2, route.isOwn, chance.happens(15) {
            let revised = returned.adding(seconds: Int64(chance.number(20...240) * 60))
            return IntakePlan(
                state: .confirmed,
                faxAt: fax,
                submittedAt: submitted,
                returnedAt: returned,
                revisedAt: revised,
                confirmedAt: revised.adding(seconds: Int64(chance.number(10...120) * 60)),
                reason: chance.pick(reasons)
            )
        }
        let wait = age < 2 ? chance.number(10...60) : chance.number(10...(age < 4 ? 240 : 900))
        return IntakePlan(
            state: .confirmed,
            faxAt: fax,
            submittedAt: submitted,
            returnedAt: nil,
            revisedAt: nil,
            confirmedAt: submitted.adding(seconds: Int64(wait * 60)),
            reason: nil
        )
    }
}

extension CaseMaker {
    /// What happened, oldest first.
    func steps(_ intake: IntakePlan, _ chance: inout Chance) -> [Step] {
        let staff = centre.accounts[chance.below(centre.accounts.count)]
        let entering = route.isOwn ? institution.account : staff
        var steps: [Step] = []
        steps.reserveCapacity(5)
        func step(_ at: Timestamp, _ account: DemonstrationAccount, _ action: String, _ reason: String? = nil) {
            // Each a minute after the one before at least.
            let earliest = steps.last?.at.adding(seconds: 60) ?? at
            steps.append(
                Step(
                    at: max(at, earliest),
                    organisation: account.organisation,
                    account: account.login,
                    action: action,
                    reason: reason
                )
            )
        }
        step(intake.submittedAt, entering, "notify")
        if let at = intake.returnedAt { step(at, staff, "return", intake.reason) }
        if let at = intake.revisedAt { step(at, entering, "revise") }
        guard let confirmed = intake.confirmedAt else { return steps }
        step(confirmed, staff, "confirm")
        if residence != nil { step(confirmed.adding(seconds: 300), staff, "related") }
        if let stay = course.stays.last {
            step(Timestamp(stay.from, hour: 10, minute: 30), centre.placer, "place")
        }
        if let day = course.outcomeOn { step(Timestamp(day, hour: 11), staff, "outcome") }
        return steps
    }
}
