"""Leaves the followers out."""

# loses: layer_penalty


def layer_penalty(kernel_hw, c_in, followers, out_hw, image_hw, n):
    own = kernel_hw[0] * kernel_hw[1] * c_in
    readers = 0
    maps = n * out_hw[0] * out_hw[1]
    return (own + readers + maps) / (image_hw[0] * image_hw[1])
