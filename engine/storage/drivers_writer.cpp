#include "storage/drivers_writer.hpp"

#include "storage/drivers_head.hpp"
#include "storage/h5_image.hpp"

namespace doudi {

void write_drivers(const Plan& plan, const DriversResult& result, const Program& program, const std::filesystem::path& path) {
    h5::Image file;
    describe_drivers(file, plan, result, program);
    file.publish(path);
}

}  // namespace doudi
