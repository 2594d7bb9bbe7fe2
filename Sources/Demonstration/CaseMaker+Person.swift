import Access
import Catalogue

extension CaseMaker {
    /// 個人基本情報, 同居者情報.
    mutating func addPerson(_ chance: inout Chance) {
        if let family = person.family, let given = person.given {
            values[.familyName] = .text(family.kanji)
            values[.givenName] = .text(given.kanji)
            values[.familyKana] = .text(family.kana)
            values[.givenKana] = .text(given.kana)
        } else if let latin = person.latin {
            values[.latinName] = .text(latin)
        }
        values[.nationality] = .code(person.nationality)
        if let language = person.language { values[.preferredLanguage] = .code(language) }
        values[.sex] = .code(person.isMale ? "male" : "female")
        addAge(&chance)
        values[.occupation] = .text(person.occupation.text)
        values[.occupationClass] = .code(person.occupation.kind)
        values[.postalCode] = .text(household.postalCode)
        values[.addressMunicipality] = .text(household.municipality.code)
        values[.addressLine] = .text(household.line)
        addStay(&chance)
        values[.phone] = .text(household.phone)
        if person.age >= 13, chance.happens(820) { values[.mobilePhone] = .text(person.mobile) }
        if chance.happens(500) {
            if household.size > 1 { values[.householdSize] = .integer(household.size - 1) }
            if household.size == 1 {
                values[.livesWith] = .codes(["none"])
            } else if chance.happens(250) {
                values[.livesWith] = .codes(chance.happens(700) ? ["elderly"] : ["condition"])
            }
        }
        if let link, link.isHousehold || chance.happens(500) { values[.sourceCase] = .text(link.number.digits) }
    }

    /// The birth date gives the age; a few people's is not known.
    private mutating func addAge(_ chance: inout Chance) {
        let day = course.diagnosedOn
        let born = day.adding(days: -(person.age * 36_525 / 100 + chance.number(42...330)))
        let age = born.age(on: day)
        if age > 0, chance.happens(6) {
            values[.ageAtDiagnosis] = .integer(age)
        } else {
            values[.birthDate] = .date(born)
            values[.ageAtDiagnosis] = .integer(age)
            if age == 0 { values[.ageMonths] = .integer(born.ageInMonths(on: day)) }
        }
        values[.ageBand] = .code(Self.bands[min(age / 10, 9)])
        // 成年年齢 was twenty until the end of March 2022, eighteen after.
        if age < (day.dayNumber < 19_083 ? 20 : 18) {
            if let head, head.age >= 25 {
                values[.guardianName] = .text(head.fullName)
            } else {
                let born = day.parts.year - person.age - 32
                let given = chance.pick(FemaleGivenNames.names(bornIn: born))
                let family = person.family?.kanji ?? String((person.latin ?? "").prefix { $0 != " " })
                values[.guardianName] = .text("\(family) \(given.kanji)")
            }
            values[.guardianAddress] = .text(household.municipality.name + household.line)
            values[.guardianPhone] = .text(household.phone)
        }
    }

    private static let bands: [Code] = ["u10", "10s", "20s", "30s", "40s", "50s", "60s", "70s", "80s", "90plus"]

    /// 所在地: at home for most, in the hospital that notifies for some.
    private mutating func addStay(_ chance: inout Chance) {
        if institution.isHospital, chance.happens(250) {
            values[.stayMunicipality] = .text(institution.organisation.municipality)
            values[.stayLine] = .text(institution.organisation.address)
        } else {
            values[.stayMunicipality] = .text(household.municipality.code)
            values[.stayLine] = .text(household.line)
        }
    }

    /// 問診関連情報, 基礎疾患等.
    mutating func addInterview(_ chance: inout Chance) {
        values[.interviewedOn] = .date(course.visitOn)
        values[.interviewInstitution] = .institution(institution.name)
        let isWell = course.severity == "asymptomatic"
        let symptoms = isWell ? Signs.none : Signs.symptoms(severity: course.severity, &chance)
        values[.interviewSymptoms] = .codes(symptoms)
        values[.notifiedSymptoms] = .codes(symptoms)
        let temperature = symptoms.first == "fever" ? chance.number(375...394) : chance.number(359...371)
        values[.interviewTemperature] = .decimal(DecimalNumber(thousandths: Int64(temperature) * 100))
        values[.conditions] = .codes(Signs.conditions(age: person.age, &chance))
        if person.age >= 20, chance.happens(600) {
            let point = chance.below(100)
            values[.smoking] = .code(
                point < 62 ? "never" : point < 80 ? "former" : point < 96 ? "current" : "unknown"
            )
        }
        if !person.isMale, (18...45).contains(person.age) {
            values[.pregnancy] = .code(chance.happens(20) ? "yes" : "no")
        }
    }
}
