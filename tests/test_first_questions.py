"""What people ask first, in their own words, is answered firmly out of the box."""

from __future__ import annotations

import pytest

from index.answer import Answerer


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Thái Nguyên đặt mục tiêu gì đến năm 2025?", "nhóm 15 tỉnh"),
        ("muc tieu 2030 la gi", "nhóm 10 tỉnh"),
        ("thai nguyen dung thu may ca nuoc ve chuyen doi so", "thứ 8"),
        ("PAPI thái nguyên xếp thứ mấy", "đứng thứ 2 cả nước"),
        ("Tổ công nghệ số cộng đồng có nhiệm vụ gì", "dùng dịch vụ công trực tuyến"),
        ("có bao nhiêu chợ 4.0", "107 chợ"),
        ("đăng ký dịch vụ công trực tuyến ở đâu", "Cổng Dịch vụ công quốc gia"),
        ("nộp hồ sơ online ở đâu", "Cổng Dịch vụ công quốc gia"),
        ("app của tỉnh tên là gì", "C-ThaiNguyen"),
        ("sản phẩm ocop bán ở đâu", "119 điểm bán hàng"),
        ("số điện thoại tổng đài hỗ trợ là bao nhiêu", "không tìm được số đường dây nóng"),
        ("kinh tế số 2030 bao nhiêu phần trăm", "35%"),
        ("vi sao kinh te so thai nguyen cao", "sản xuất điện tử"),
        ("3 trụ cột chuyển đổi số là gì", "chính quyền số, kinh tế số và xã hội số"),
        ("kinh tế số là gì", "nền kinh tế liên quan đến công nghệ số"),
        ("xa hoi so la gi", "Quyết định 411/QĐ-TTg"),
        ("chính quyền số là gì", "ở tỉnh gọi là chính quyền số"),
        ("de an 06 la j z", "đề án quốc gia"),
        ("vneid la gi", "định danh điện tử"),
        ("định danh mức 2 làm chỗ nào", "công an xã, phường ở bất cứ đâu"),
        ("mất điện thoại khóa VNeID ở đâu", "vneid.gov.vn"),
        ("đăng nhập dịch vụ công bằng gì", "một tài khoản là VNeID"),
        ("AI là gì", "năng lực trí tuệ của con người"),
        ("hoc ba so la gi", "ký xác thực điện tử"),
        ("bệnh án điện tử là gì vậy", "như bệnh án giấy"),
        ("chu ky so la gi", "khóa bí mật để ký"),
        ("quên mật khẩu vneid", "nhấn “Quên mật khẩu”"),
        ("tỉnh nào đứng đầu cả nước về chuyển đổi số", "Hà Nội đứng đầu"),
        ("thái nguyên đứng thứ mấy về chuyển đổi số", "Năm 2024"),
        ("SIPAS là viết tắt của từ gì", "chỉ số hài lòng của người dân"),
    ],
)
def test_it_is_answered_first_and_firmly(question: str, told: str, shipped: Answerer) -> None:
    answer = shipped.answer(question)
    assert answer.outcome == "answered"
    assert told in answer.quotes[0].text
