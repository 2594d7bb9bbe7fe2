/// Men's given names by the time of birth.
enum MaleGivenNames {
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
        清 キヨシ 12
        勇 イサム 9
        実 ミノル 9
        茂 シゲル 8
        正 タダシ 7
        昭 アキラ 6
        弘 ヒロシ 6
        進 ススム 6
        勝 マサル 6
        博 ヒロシ 6
        一郎 イチロウ 5
        三郎 サブロウ 5
        義雄 ヨシオ 5
        正雄 マサオ 5
        武 タケシ 5
        昭二 ショウジ 4
        辰夫 タツオ 4
        幸男 ユキオ 4
        光雄 ミツオ 3
        喜一 キイチ 2
        勲 イサオ 3
        邦夫 クニオ 3
        """
    )

    private static let older = Name.table(
        """
        誠 マコト 12
        隆 タカシ 11
        浩 ヒロシ 9
        豊 ユタカ 7
        修 オサム 7
        博 ヒロシ 6
        明 アキラ 6
        茂 シゲル 5
        和夫 カズオ 6
        正 タダシ 5
        健一 ケンイチ 5
        浩一 コウイチ 5
        秀樹 ヒデキ 5
        孝 タカシ 4
        英樹 ヒデキ 3
        哲也 テツヤ 4
        幸一 コウイチ 4
        正人 マサト 3
        敏夫 トシオ 3
        康弘 ヤスヒロ 3
        良一 リョウイチ 3
        純一 ジュンイチ 2
        """
    )

    private static let middle = Name.table(
        """
        大輔 ダイスケ 14
        健太 ケンタ 7
        誠 マコト 8
        直樹 ナオキ 8
        哲也 テツヤ 6
        剛 ツヨシ 6
        健 ケン 5
        学 マナブ 4
        和也 カズヤ 5
        達也 タツヤ 6
        拓也 タクヤ 6
        亮 リョウ 5
        大介 ダイスケ 4
        智也 トモヤ 3
        雄一 ユウイチ 4
        裕介 ユウスケ 4
        洋平 ヨウヘイ 4
        浩二 コウジ 4
        隆之 タカユキ 3
        祐一 ユウイチ 3
        純 ジュン 3
        慎吾 シンゴ 2
        """
    )

    private static let younger = Name.table(
        """
        翔太 ショウタ 10
        拓海 タクミ 8
        健太 ケンタ 7
        翔 ショウ 7
        大樹 ダイキ 6
        大輝 ダイキ 5
        直樹 ナオキ 5
        亮 リョウ 4
        駿 シュン 4
        雄太 ユウタ 4
        優斗 ユウト 3
        拓也 タクヤ 4
        達也 タツヤ 3
        涼 リョウ 3
        海斗 カイト 4
        一輝 カズキ 3
        和樹 カズキ 3
        凌 リョウ 2
        航 ワタル 3
        蓮 レン 3
        諒 リョウ 2
        晃大 コウダイ 1
        """
    )

    private static let youngest = Name.table(
        """
        蓮 レン 10
        陽翔 ハルト 8
        大翔 ヒロト 8
        湊 ミナト 7
        樹 イツキ 7
        悠真 ユウマ 7
        蒼 アオイ 5
        颯真 ソウマ 4
        陸 リク 5
        大和 ヤマト 5
        律 リツ 4
        朝陽 アサヒ 4
        悠人 ユウト 4
        結翔 ユイト 3
        颯太 ソウタ 5
        陽太 ヨウタ 5
        翔 ショウ 4
        奏 カナデ 2
        健人 ケント 3
        優 ユウ 3
        暖 ダン 2
        瑛太 エイタ 3
        """
    )
}
