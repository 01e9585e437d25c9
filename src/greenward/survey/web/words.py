"""What the form's scripts say, in the reader's language; names in %(…)s are filled in by them."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def words() -> dict[str, object]:
    """Return the texts by name."""
    return {
        "status": {
            "ready": _("填写后自动保存"),
            "saved": _("已存 %(at)s"),
            "saving": _("正在保存 %(n)s 项……"),
            "waiting": _("待发送 %(n)s 项"),
            "nothing": "",
            "offline": _("离线：可以继续填，联网后自动发送"),
            "offline_waiting": _("离线：待发送 %(n)s 项，已存在本机"),
            "trouble": _("服务器暂时没有应答，待发送 %(n)s 项，会自动重试"),
            "signed_out": _("请重新登录，已填内容仍在本机"),
            "other_person": _("现在登录的是另一位用户；您填的内容仍在本机，由您本人登录后发送"),
        },
        "status_not_lasting": {
            "saving": _("正在保存 %(n)s 项……"),
            "waiting": _("待发送 %(n)s 项，请先不要关闭本页"),
            "offline": _("离线：请先不要关闭本页"),
            "offline_waiting": _("离线：待发送 %(n)s 项，请先不要关闭本页"),
            "trouble": _("服务器暂时没有应答，待发送 %(n)s 项，请先不要关闭本页"),
            "signed_out": _("登录已失效：请在另一窗口登录，先不要关闭本页"),
            "other_person": _("现在登录的是另一位用户，您填的 %(n)s 项没有发送"),
        },
        "held": _("%(n)s 项未存，请看标出的各项"),
        "waiting": pgettext("a field's mark", "待发送"),
        "saved": _("已存 %(at)s"),
        "refused": _("这一项没有保存。"),
        "not_saved": _("没有保存。"),
        "give_up": _("不存这一项"),
        "news": _("刚被 %(by)s 改为“%(value)s”（%(at)s）"),
        "own_news": _("您在另一个窗口改为“%(value)s”（%(at)s）"),
        "company": _("%(people)s 正在填写"),
        "too_large": _("文件超过 %(most)s MB，请压缩后再选。"),
        "locating": _("正在定位……"),
        "located": _("已取得位置，误差约 %(metres)s 米"),
        "location_denied": _("浏览器不允许定位；请在设置中允许，或手工填写经纬度。"),
        "location_failed": _("没有取得位置；请到开阔处重试，或手工填写经纬度。"),
        "faults": faults(),
    }


def faults() -> dict[str, str]:
    """Return what a first look at an answer finds wrong, by code; the server's own words are the same."""
    return {
        "not_a_number": _("应填数字，例如 1200；没有就填 0，不清楚时留空。"),
        "not_whole": _("应填整数。"),
        "is_a_percentage": _("这里不是百分比，请填%(unit)s数。"),
        "out_of_range": _("数字过大，请核对单位和位数。"),
        "below_min": _("不能小于 %(min)s，请核对单位和位数。"),
        "below_min_zero": _("不能小于 %(min)s，请核对单位和位数。"),
        "above_max": _("不能大于 %(max)s，请核对单位和位数。"),
        "not_a_date": _("应填完整日期，例如 2021-09-30 或 2021年9月30日。"),
        "not_a_year": _("应填四位年份，例如 1998。"),
        "not_a_position": _("应填经度和纬度，例如 116.39700,39.90800。"),
        "too_long": _("最多 2000 个字。"),
    }
