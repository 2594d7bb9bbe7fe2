import Catalogue

/// Names of residents from other countries, made up from given names and surnames usual there.
struct ForeignNames: Sendable {
    let nationality: Code
    let language: Code
    let surnames: [String]
    let male: [String]
    let female: [String]

    private init(_ nationality: Code, _ language: Code, _ surnames: String, male: String, female: String) {
        self.nationality = nationality
        self.language = language
        self.surnames = surnames.split(separator: " ").map(String.init)
        self.male = male.split(separator: " ").map(String.init)
        self.female = female.split(separator: " ").map(String.init)
    }

    static let all = Weighted<ForeignNames>([
        (
            ForeignNames(
                "CN",
                "zh_hans",
                "WANG LI ZHANG LIU CHEN YANG HUANG ZHAO WU ZHOU",
                male: "WEI JUN LEI HAO BO MING",
                female: "FANG NA MIN XIA YAN TING"
            ), 30
        ),
        (
            ForeignNames(
                "VN",
                "vi",
                "NGUYEN TRAN LE PHAM HOANG VU DANG BUI",
                male: "VAN_NAM DUC_ANH MINH HUNG QUANG TUAN",
                female: "THI_HOA THI_LAN THU_HA MAI NGOC LINH"
            ), 20
        ),
        (
            ForeignNames(
                "PH",
                "tl",
                "SANTOS REYES CRUZ BAUTISTA GARCIA MENDOZA",
                male: "JOSE MARK JOHN CARLO PAOLO",
                female: "MARIA ANA JOY GRACE ROSE"
            ), 14
        ),
        (
            ForeignNames(
                "BR",
                "pt",
                "SILVA SOUZA OLIVEIRA LIMA COSTA TANAKA",
                male: "LUCAS PEDRO RAFAEL BRUNO DIEGO",
                female: "JULIANA CAMILA PATRICIA LARISSA ALINE"
            ), 8
        ),
        (
            ForeignNames(
                "NP",
                "ne",
                "SHRESTHA GURUNG TAMANG THAPA RAI",
                male: "BISHAL SUMAN ROSHAN DIPAK",
                female: "SITA ANJALI SABINA PUJA"
            ), 8
        ),
        (
            ForeignNames(
                "KR",
                "ko",
                "KIM LEE PARK CHOI JUNG KANG",
                male: "MINJUN JIHOON SUNGHO DONGHYUN",
                female: "JIWOO MINJI SUJIN YUNA"
            ), 10
        ),
        (
            ForeignNames(
                "US",
                "en",
                "SMITH JOHNSON MILLER BROWN WILSON TAYLOR",
                male: "MICHAEL DAVID JAMES DANIEL",
                female: "EMILY SARAH LAURA ANNA"
            ), 6
        ),
        (
            ForeignNames(
                "PE",
                "es",
                "QUISPE FLORES ROJAS RAMOS TORRES",
                male: "LUIS CARLOS JORGE MIGUEL",
                female: "CARMEN LUCIA ELENA SOFIA"
            ), 4
        ),
    ])

    /// A full name as on a passport, surname first.
    func name(isMale: Bool, _ chance: inout Chance) -> String {
        let given = chance.pick(isMale ? male : female)
        return chance.pick(surnames) + " " + String(given.map { $0 == "_" ? " " : $0 })
    }
}
