// A search box that is narrowed by another field of its row offers what belongs to the choice there.
export function narrowSearchBoxes(form) {
  const narrowing = (box) => box && box.dataset.narrowedBy && form.elements[box.name.replace(/[^-]+$/, box.dataset.narrowedBy)];
  django.jQuery.ajaxPrefilter((options) => {
    const open = document.querySelector(".select2-container--open");
    const box = open && open.previousElementSibling;
    const other = narrowing(box);
    if (other) options.data += `&${box.dataset.narrowedBy}=${encodeURIComponent(other.value)}`;
  });
  django.jQuery(form).on("select2:select", (event) => {
    form.querySelectorAll("select[data-narrowed-by]").forEach((box) => {
      if (narrowing(box) === event.target && box.value) django.jQuery(box).val(null).trigger("change");
    });
  });
}
