import Catalogue

/// Symptoms and underlying conditions by chance, in the order of their lists.
enum Signs {
    /// Symptoms in a thousand ill people.
    private static let symptoms: [(code: Code, perThousand: Int)] = [
        ("fever", 770), ("cough", 580), ("acute_respiratory", 240), ("pneumonia_image", 0), ("fatigue", 430),
        ("headache", 190), ("nausea", 60), ("diarrhoea", 130), ("conjunctivitis", 8), ("smell_taste", 160),
    ]

    static let none: [Code] = ["none"]

    static func symptoms(severity: Code, _ chance: inout Chance) -> [Code] {
        var result: [Code] = []
        result.reserveCapacity(8)
        let pneumonia = severity == "mild" ? 80 : 850
        for (code, perThousand) in symptoms where chance.happens(perThousand == 0 ? pneumonia : perThousand) {
            result.append(code)
        }
        if severity == "severe", chance.happens(500) {
            // After 肺炎像, before 全身倦怠感.
            let place = result.firstIndex { $0 == "fatigue" || $0 == "headache" } ?? result.endIndex
            if !result[place...].isEmpty || result.last.map({ before.contains($0) }) ?? true {
                result.insert("severe_pneumonia", at: place)
            }
        }
        if result.isEmpty { result.append("fever") }
        return result
    }

    private static let before: Set<Code> = ["fever", "cough", "acute_respiratory", "pneumonia_image"]

    /// Conditions in a thousand people of seventy.
    private static let conditions: [(code: Code, perThousand: Int)] = [
        ("respiratory", 60), ("diabetes", 170), ("hypertension", 400), ("dyslipidaemia", 180), ("cerebrovascular", 60),
        ("dementia", 60), ("heart", 110), ("kidney", 40), ("malignancy", 60),
    ]

    static func conditions(age: Int, _ chance: inout Chance) -> [Code] {
        guard age >= 18 else { return none }
        // Rises from a twentieth at twenty to one and a half at ninety.
        let percent = max(5, age * 2 - 40)
        var result: [Code] = []
        for (code, perThousand) in conditions {
            let share = code == "dementia" && age < 65 ? 0 : perThousand * percent / 100
            if chance.happens(share) { result.append(code) }
        }
        return result.isEmpty ? none : result
    }
}
