/// Fills in what follows from what was entered.
public enum Completion {
    /// The record with age, months and age band computed.
    ///
    /// A birth date decides over an age that was typed, so that correcting a date corrects the age with it; check the
    /// record with ``FormVersion/findings(items:tests:today:)`` first, which warns where the two differ. Completing
    /// twice changes nothing more.
    /// - Parameters:
    ///   - record: a case's items.
    ///   - day: the day on which ages count where neither diagnosis nor notification has a date.
    /// - Returns: the record with 診断時の年齢, 月齢 and 年代.
    public static func completed(_ record: Record, on day: CalendarDate) -> Record {
        var result = record
        let reference = record.referenceDay(day)
        if let birth = record[.birthDate], birth <= reference {
            let age = birth.age(on: reference)
            result[.ageAtDiagnosis] = age
            result[.ageMonths] = age == 0 ? birth.ageInMonths(on: reference) : nil
        } else if record[.ageAtDiagnosis] == nil, record[.ageMonths] != nil {
            result[.ageAtDiagnosis] = 0
        }
        if let age = result[.ageAtDiagnosis] { result[.ageBand] = ageBand(of: age) }
        return result
    }

    /// The code of ``CodeList/ageBand`` for an age in years.
    public static func ageBand(of age: Int) -> Code {
        switch age {
        case ..<10: "u10"
        case 90...: "90plus"
        default: Code("\(age / 10)0s")
        }
    }
}
