import Catalogue

/// Somebody made up.
struct Person {
    var family: Name?
    var given: Name?
    var latin: String?
    var nationality: Code = "JP"
    var language: Code?
    var isMale: Bool
    var age: Int
    var occupation: Occupation
    var mobile: String

    /// Name as a guardian or a physician is written.
    var fullName: String {
        guard let family, let given else { return latin ?? "" }
        return "\(family.kanji) \(given.kanji)"
    }
}

/// People who live together.
struct Household {
    let municipality: Municipality
    let postalCode: String
    let line: String
    let phone: String
    let family: Name?
    let foreign: ForeignNames?
    let size: Int
}

/// Work with its class for statistics.
struct Occupation: Sendable {
    let text: String
    let kind: Code
}

/// Makes households and the people in them.
enum PeopleMaker {
    private static let ages = Weighted<Int>([
        (0, 17), (10, 24), (20, 168), (30, 152), (40, 150), (50, 160), (60, 112), (70, 100), (80, 82), (90, 30),
    ])

    static func household(_ municipality: Municipality, size: Int, _ chance: inout Chance) -> Household {
        let isForeign = chance.happens(35)
        return Household(
            municipality: municipality,
            postalCode: Addresses.postalCode(prefix: municipality.postalPrefix, &chance),
            line: Addresses.line(&chance),
            phone: chance.happens(450)
                ? Addresses.fixedLine(prefecture: municipality.prefecture, &chance) : Addresses.mobile(&chance),
            family: isForeign ? nil : chance.pick(Surnames.all),
            foreign: isForeign ? chance.pick(ForeignNames.all) : nil,
            size: size + (chance.happens(600) ? chance.below(3) : 0)
        )
    }

    /// The first person of a household, or a further one whose age fits to the first one's.
    static func person(of household: Household, head: Person?, year: Int, _ chance: inout Chance) -> Person {
        var isMale = chance.happens(550)
        var age = chance.pick(ages) + chance.below(10)
        if let head {
            let kind = chance.below(10)
            if kind < 5 || head.age < 25 {
                isMale = !head.isMale
                age = max(0, head.age + chance.number(-5...5))
            } else if kind < 8 {
                age = max(0, head.age - chance.number(25...36))
            } else {
                age = min(100, head.age + chance.number(24...33))
            }
        } else if household.foreign != nil {
            age = chance.number(19...52)
        }
        var person = Person(
            isMale: isMale,
            age: min(age, 101),
            occupation: Occupations.occupation(age: age, isMale: isMale, &chance),
            mobile: Addresses.mobile(&chance)
        )
        if let foreign = household.foreign {
            person.latin = foreign.name(isMale: isMale, &chance)
            person.nationality = foreign.nationality
            person.language = foreign.language
        } else {
            let born = year - age
            person.family = household.family
            person.given = chance.pick(
                isMale ? MaleGivenNames.names(bornIn: born) : FemaleGivenNames.names(bornIn: born)
            )
        }
        return person
    }
}

/// Work by age.
enum Occupations {
    private static func table(_ text: String) -> Weighted<Occupation> {
        Weighted(
            text.split(separator: "\n").compactMap { line in
                let cells = line.split(separator: " ")
                guard cells.count == 3, let weight = Int(cells[2]) else { return nil }
                return (Occupation(text: String(cells[0]), kind: Code(String(cells[1]))), weight)
            }
        )
    }

    private static let adults = table(
        """
        会社員（事務） office 30
        会社員（営業） office 22
        会社員（システム開発） office 14
        看護師 medical 8
        医師 medical 4
        理学療法士 medical 1
        介護職員 care 5
        保育士 school_staff 2
        小学校教員 school_staff 2
        飲食店店員 food 8
        接客業（バー） food 4
        調理師 food 3
        タクシー運転手 transport 3
        配送業 transport 4
        鉄道会社職員 transport 1
        公務員 public 6
        警察官 public 1
        自営業（小売） self_employed 5
        自営業（建設） self_employed 4
        美容師 self_employed 2
        パート（スーパー） other 5
        主婦・主夫 none 9
        無職 none 5
        俳優 other 1
        """
    )

    private static let preschool = Occupation(text: "未就学児", kind: "pupil")
    private static let primary = Occupation(text: "小学生", kind: "pupil")
    private static let lowerSecondary = Occupation(text: "中学生", kind: "pupil")
    private static let upperSecondary = Occupation(text: "高校生", kind: "pupil")
    private static let student = Occupation(text: "大学生", kind: "student")
    private static let none = Occupation(text: "無職", kind: "none")

    static func occupation(age: Int, isMale: Bool, _ chance: inout Chance) -> Occupation {
        switch age {
        case ..<7: preschool
        case ..<13: primary
        case ..<16: lowerSecondary
        case ..<19: upperSecondary
        case ..<23 where chance.happens(600): student
        case 65... where chance.happens(age < 75 ? 600 : 930): none
        default: chance.pick(adults)
        }
    }
}
