import Catalogue

/// What the illness does to a person, in days.
struct Course {
    /// A stay at a kind of place.
    struct Stay {
        let kind: Code
        let from: CalendarDate
        var to: CalendarDate?
    }

    let caseClass: Code
    let infectedOn: CalendarDate
    /// Whether the day of the infection could be told.
    let infectionKnown: Bool
    let onsetOn: CalendarDate?
    let visitOn: CalendarDate
    let specimenOn: CalendarDate
    let resultOn: CalendarDate
    let diagnosedOn: CalendarDate
    let notifiedOn: CalendarDate
    /// At its worst.
    let severity: Code
    let outcome: Code
    let outcomeOn: CalendarDate?
    let stays: [Stay]

    /// From when to when the person can have infected others.
    var infectious: ClosedRange<CalendarDate> {
        let start = (onsetOn ?? specimenOn).adding(days: -2)
        return start...max(start, diagnosedOn)
    }
}

extension Course {
    /// Deaths in a thousand cases by ten years of age.
    private static let deaths = [0, 0, 0, 1, 4, 11, 47, 140, 280, 320, 320]
    /// Severe courses in a thousand that are survived.
    private static let severe = [2, 2, 4, 10, 25, 45, 90, 130, 120, 90, 90]
    /// Moderate courses in a thousand.
    private static let moderate = [10, 20, 60, 110, 180, 260, 330, 380, 400, 400, 400]

    /// A course notified on a day, as far as it has come by today.
    ///
    /// - Parameters:
    ///   - notified: the day of the notification.
    ///   - age: in years.
    ///   - infectedOn: the day of infection where the source is known.
    ///   - today: nothing happens after it.
    ///   - chance: decides.
    /// - Returns: the course, with nothing in it that has not happened yet.
    static func course(
        notified: CalendarDate,
        age: Int,
        infectedOn: CalendarDate?,
        today: CalendarDate,
        _ chance: inout Chance
    ) -> Course {
        let band = min(age / 10, 10)
        let foundDead = age >= 60 && chance.happens(4)
        let isAsymptomatic = !foundDead && chance.happens(age < 20 ? 160 : 65)
        var diagnosed = notified.adding(days: chance.happens(700) ? 0 : -1)
        var result = diagnosed.adding(days: chance.happens(800) ? 0 : -1)
        var specimen = result.adding(days: -chance.delay(upTo: 3))
        var visit = specimen.adding(days: isAsymptomatic ? 0 : -chance.delay(upTo: 4))
        var onset: CalendarDate? = isAsymptomatic ? nil : visit.adding(days: -chance.delay(upTo: 6))
        var infected = (onset ?? specimen).adding(days: -(2 + chance.delay(upTo: 6) + chance.delay(upTo: 5)))
        if let known = infectedOn {
            // Nothing comes before the infection; the source was chosen so that all of it fits before the report.
            infected = min(known, notified.adding(days: -2))
            visit = max(visit, infected.adding(days: 1))
            specimen = max(specimen, visit)
            result = max(result, specimen)
            diagnosed = max(diagnosed, result)
            if let began = onset { onset = max(began, infected.adding(days: 1)) }
        }
        var severity: Code = isAsymptomatic ? "asymptomatic" : "mild"
        var dies = foundDead
        if !isAsymptomatic {
            let throwOf = chance.below(1000)
            let (died, worst) = (deaths[band], deaths[band] + severe[band])
            dies = dies || throwOf < died
            if throwOf < worst || dies {
                severity = "severe"
            } else if throwOf < worst + moderate[band] {
                severity = "moderate"
            }
        }
        let end = dies ? diagnosed.adding(days: chance.number(2...28)) : ending(diagnosed, severity, &chance)
        let ended = foundDead ? min(diagnosed, notified) : end
        let hasEnded = ended <= today
        let stays =
            foundDead ? [] : stays(diagnosed, severity, age, until: hasEnded ? ended : nil, today: today, &chance)
        let outcome: Code
        if !hasEnded {
            outcome = "ongoing"
        } else if dies {
            outcome = "died"
        } else {
            outcome = stays.last?.kind == "hospital" ? "discharged" : "released"
        }
        return Course(
            caseClass: foundDead ? "death" : isAsymptomatic ? "asymptomatic" : "confirmed",
            infectedOn: infected,
            infectionKnown: infectedOn != nil || chance.happens(300),
            onsetOn: onset,
            visitOn: visit,
            specimenOn: specimen,
            resultOn: result,
            diagnosedOn: diagnosed,
            notifiedOn: notified,
            severity: severity,
            outcome: outcome,
            outcomeOn: hasEnded ? ended : nil,
            stays: stays
        )
    }

    private static func ending(_ diagnosed: CalendarDate, _ severity: Code, _ chance: inout Chance) -> CalendarDate {
        switch severity {
        case "severe": diagnosed.adding(days: chance.number(20...45))
        case "moderate": diagnosed.adding(days: chance.number(14...28))
        default: diagnosed.adding(days: chance.number(9...20))
        }
    }

    /// Where the person stays, from the diagnosis on.
    private static func stays(
        _ diagnosed: CalendarDate,
        _ severity: Code,
        _ age: Int,
        until end: CalendarDate?,
        today: CalendarDate,
        _ chance: inout Chance
    ) -> [Stay] {
        var plan: [(kind: Code, days: Int)] = []
        let place = place(diagnosed, severity, age, &chance)
        if severity == "mild" || severity == "asymptomatic" {
            if chance.happens(400) { plan.append(("arranging", chance.number(1...2))) }
            if place != "home", chance.happens(300) { plan.append(("home", chance.number(1...4))) }
        }
        var stays: [Stay] = []
        var from = diagnosed
        for (kind, days) in plan {
            let to = from.adding(days: days)
            guard to < end ?? today else { break }
            stays.append(Stay(kind: kind, from: from, to: to))
            from = to
        }
        stays.append(Stay(kind: place, from: from, to: end))
        return stays
    }

    private static func place(
        _ diagnosed: CalendarDate,
        _ severity: Code,
        _ age: Int,
        _ chance: inout Chance
    ) -> Code {
        if severity == "severe" || severity == "moderate" { return "hospital" }
        // Until 2 April 2020 whoever was positive went to hospital.
        if diagnosed.dayNumber < 18_355 { return chance.happens(900) ? "hospital" : "home" }
        if age >= 80, chance.happens(120) { return "welfare_facility" }
        let point = chance.below(1000)
        if age >= 65 { return point < 750 ? "hospital" : point < 850 ? "lodging" : "home" }
        return point < 330 ? "hospital" : point < 660 ? "lodging" : "home"
    }
}
