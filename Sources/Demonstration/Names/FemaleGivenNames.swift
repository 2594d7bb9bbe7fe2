/// Women's given names by the time of birth.
enum FemaleGivenNames {
    /// The names usual in a year of birth.
    static func names(bornIn year: Int) -> Weighted<Name> {
        switch year {
        case ..<1946: oldest
        case ..<1966: older
        case ..<1986: middle
        case ..<2002: younger
        default: youngest
        }
    }

    private static let oldest = Name.table(
        """
        和子 カズコ 14
        幸子 サチコ 12
        節子 セツコ 10
        千代子 チヨコ 6
        文子 フミコ 7
        洋子 ヨウコ 8
        ミツ ミツ 3
        キヨ キヨ 4
        ハル ハル 3
        トシ トシ 3
        美代子 ミヨコ 6
        芳子 ヨシコ 5
        光子 ミツコ 5
        久子 ヒサコ 5
        静子 シズコ 5
        敏子 トシコ 5
        信子 ノブコ 4
        ヨシ ヨシ 3
        栄子 エイコ 4
        貞子 サダコ 2
        スミ子 スミコ 2
        トミ トミ 2
        """
    )

    private static let older = Name.table(
        """
        恵子 ケイコ 11
        京子 キョウコ 8
        洋子 ヨウコ 8
        久美子 クミコ 8
        由美子 ユミコ 8
        裕子 ユウコ 7
        明美 アケミ 7
        真由美 マユミ 6
        智子 トモコ 5
        直美 ナオミ 5
        幸子 サチコ 5
        美智子 ミチコ 5
        順子 ジュンコ 5
        典子 ノリコ 4
        悦子 エツコ 4
        純子 ジュンコ 3
        陽子 ヨウコ 4
        和子 カズコ 4
        美香 ミカ 3
        惠子 ケイコ 1
        千恵子 チエコ 2
        のり子 ノリコ 2
        """
    )

    private static let middle = Name.table(
        """
        恵 メグミ 8
        愛 アイ 8
        裕子 ユウコ 6
        久美子 クミコ 5
        陽子 ヨウコ 6
        智子 トモコ 6
        香織 カオリ 6
        麻衣 マイ 5
        美穂 ミホ 4
        千尋 チヒロ 3
        優子 ユウコ 5
        友美 トモミ 4
        直子 ナオコ 4
        由佳 ユカ 4
        真理子 マリコ 4
        舞 マイ 5
        彩 アヤ 5
        麻美 アサミ 4
        沙織 サオリ 4
        奈々 ナナ 3
        美紀 ミキ 3
        さやか サヤカ 3
        """
    )

    private static let younger = Name.table(
        """
        美咲 ミサキ 10
        彩 アヤ 6
        愛 アイ 5
        萌 モエ 6
        彩花 アヤカ 5
        遥 ハルカ 5
        優花 ユウカ 5
        七海 ナナミ 5
        楓 カエデ 4
        葵 アオイ 5
        千夏 チナツ 3
        未来 ミク 4
        琴音 コトネ 2
        麻衣 マイ 3
        桃子 モモコ 3
        莉奈 リナ 4
        優 ユウ 3
        茜 アカネ 4
        里奈 リナ 3
        真央 マオ 3
        明日香 アスカ 4
        舞 マイ 3
        """
    )

    private static let youngest = Name.table(
        """
        陽葵 ヒマリ 9
        凛 リン 8
        結菜 ユイナ 7
        葵 アオイ 8
        紬 ツムギ 6
        芽依 メイ 6
        咲良 サクラ 5
        莉子 リコ 5
        杏 アン 4
        美桜 ミオ 5
        結衣 ユイ 7
        さくら サクラ 5
        心春 コハル 4
        花 ハナ 4
        澪 ミオ 4
        琴葉 コトハ 3
        愛莉 アイリ 4
        柚葉 ユズハ 3
        陽菜 ヒナ 6
        楓 カエデ 3
        詩 ウタ 3
        ひなた ヒナタ 2
        """
    )
}
